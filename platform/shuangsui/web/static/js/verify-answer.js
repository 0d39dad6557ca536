// "Was my company in the pool?": the answer in one sentence, the chance, the ticket, and the proof to keep.

import { element, number } from "./words.js";

let kept = null; // address of the receipt offered last

/** `answer` as lookup.js gives it. */
export function showAnswer(answer, texts) {
  const [tone, text] = SENTENCES[answer.state](answer, texts);
  const note = element("p", text, `note ${tone}`);
  note.dataset.state = answer.state;
  show(note, ...(answer.proof ? [facts(answer, texts), proof(answer)] : []));
}

function facts(answer, texts) {
  const list = element("dl", "", "kv");
  for (const [name, value] of figures(answer, texts)) list.append(element("dt", name), element("dd", value, "num"));
  return list;
}

const show = (...nodes) => document.getElementById("answer").replaceChildren(...nodes);

const SENTENCES = {
  unknown: ({ id }) => ["warn", `无法判断 ${id} 是否在名录里：名录经过盲化，需要该企业自己的盐或查验单。`],
  absent: ({ id }) => ["warn", `${id} 不在这次冻结的名录里；如果名录经过盲化，也可能是盐不对。`],
  excluded: ({ id, code }, texts) => [
    "warn",
    `${id} 在名录里，但不参加这次抽取。原因：${texts.exclusion[code] ?? texts.exclusion.XL}（${code}）。`,
  ],
  listed: ({ id }) => ["", `${id} 在名录里；这次抽取已作废，没有结果。`],
  passed: ({ id }) => ["", `${id} 在名录里，参加了抽取，这次没有被抽中。`],
  drawn: (answer) => ["ok", `${answer.id} 在名录里，这次被抽中${fate(answer)}。`],
};

const fate = ({ task, replaced }) => (replaced ? "，后来被替换或取消" : `，作业顺序第 ${number(task + 1)}`);

/** Pairs of name and value, each value a sentence a person can check. */
function figures(answer, texts) {
  const { stratum, place, of, quota, ticket, proof: { row } } = answer;
  const where = ["名录中的位置", `第 ${number(row + 1)} 行`];
  if (!ticket) return [where];
  return [
    where,
    ["所在分层", `${stratum} 层${texts.stratum[stratum] ? `（${texts.stratum[stratum]}）` : ""}`],
    ["被抽中的机会", chance(answer)],
    ["签号", `${ticket}；${beside(answer)}`],
    ["名次", `签号由小到大排第 ${number(place)} 位，共 ${number(of)} 家，抽取前 ${number(quota)} 位`],
  ];
}

/** The ticket against the last one drawn of its stratum; an alternate lies behind it. */
function beside({ state, cut, place, quota }) {
  if (cut === null) return "这一层没有名额";
  if (place <= quota) return `不大于分界签号 ${cut}，所以抽中`;
  return `大于分界签号 ${cut}，${state === "drawn" ? "作为候补对象替换抽入" : "所以没有抽中"}`;
}

/** The chance in figures and words; where weights differ the fraction is the stratum's average. */
function chance({ quota, of, weight, uneven }) {
  const share = `${quota}/${of}，约 ${percent(quota / of)}，即每 ${number(of)} 家抽 ${number(quota)} 家`;
  return uneven ? `本层平均 ${share}；各家权重不同，本企业权重为 ${weight}，权重越大机会越大` : `${share}，机会均等`;
}

const percent = (share) => share.toLocaleString("zh-CN", { style: "percent", maximumSignificantDigits: 2 });

/** The row, the way to the root, and both as a receipt that any verifier takes. */
function proof({ id, proof: { row, line, path, root, receipt } }) {
  const box = document.createElement("details");
  const steps = element("ol", "", "path");
  steps.append(...path.map((node) => element("li", node, "hash")));
  box.append(
    element("summary", "证明：这一行确实在冻结名录里"),
    element("p", `冻结名录第 ${number(row + 1)} 行是：`),
    element("p", line, "hash"),
    element("p", "从它所在的 256 行开始，依次与下列节点合并计算，就得到方案所载的默克尔根："),
    steps,
    element("p", root, "hash"),
    save(receipt, id),
  );
  return box;
}

function save(receipt, id) {
  if (kept) URL.revokeObjectURL(kept);
  kept = URL.createObjectURL(new Blob([receipt], { type: "application/json" }));
  const link = element("a", "保存查验单（任何核验程序都能核对）", "btn");
  return Object.assign(link, { href: kept, download: `receipt-${id}.json` });
}
