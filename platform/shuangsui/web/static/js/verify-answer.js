// "Was my company in the pool?" in one sentence.

import { element, number } from "./words.js";

/** `answer` as lookup.js gives it. */
export function showAnswer(answer, texts) {
  const [tone, text] = SENTENCES[answer.state](answer, texts);
  const note = element("p", text, `note ${tone}`);
  note.dataset.state = answer.state;
  document.getElementById("answer").replaceChildren(note);
}

export function showProblem(text) {
  document.getElementById("answer").replaceChildren(element("p", text, "note bad"));
}

const SENTENCES = {
  unknown: ({ id }) => ["warn", `无法判断 ${id} 是否在名录里：名录经过盲化，需要该企业自己的盐或查验单。`],
  absent: ({ id }) => ["warn", `${id} 不在这次冻结的名录里；如果名录经过盲化，也可能是盐不对。`],
  excluded: ({ id, code }, texts) => [
    "warn",
    `${id} 在名录里，但不参加这次抽取。原因：${texts.exclusion[code] ?? texts.exclusion.XL}（${code}）。`,
  ],
  listed: ({ id }) => ["", `${id} 在名录里；这次抽取已作废，没有结果。`],
  passed: (answer) => ["", `${place(answer)}，这次没有被抽中。`],
  drawn: (answer) => ["ok", `${place(answer)}，这次被抽中${fate(answer)}。`],
};

const place = ({ id, stratum, place: at, of, quota, ticket }) =>
  `${id} 在名录里（${stratum} 层），签号 ${ticket}，由小到大排第 ${number(at)} 位，共 ${number(of)} 家，抽取前 ${number(quota)} 位`;

const fate = ({ task, replaced }) => (replaced ? "，后来被替换或取消" : `，作业顺序第 ${number(task + 1)}`);
