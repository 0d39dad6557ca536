// "Was my company in the pool?": the answer in one sentence, the chance, the ticket, and the proof to keep.

import { element, number, t } from "./words.js";

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
  unknown: ({ id }) => ["warn", t("无法判断 {id} 是否在名录里：名录经过盲化，需要该企业自己的盐或查验单。", { id })],
  absent: ({ id }) => ["warn", t("{id} 不在这次冻结的名录里；如果名录经过盲化，也可能是盐不对。", { id })],
  excluded: ({ id, code }, texts) => {
    const reason = texts.exclusion[code] ?? texts.exclusion.XL;
    return ["warn", t("{id} 在名录里，但不参加这次抽取。原因：{reason}（{code}）。", { id, reason, code })];
  },
  listed: ({ id }) => ["", t("{id} 在名录里；这次抽取已作废，没有结果。", { id })],
  passed: ({ id }) => ["", t("{id} 在名录里，参加了抽取，这次没有被抽中。", { id })],
  drawn: ({ id, task, replaced }) => [
    "ok",
    replaced
      ? t("{id} 在名录里，这次被抽中，后来被替换或取消。", { id })
      : t("{id} 在名录里，这次被抽中，作业顺序第 {place}。", { id, place: number(task + 1) }),
  ],
};

/** Pairs of name and value, each value a sentence a person can check. */
function figures(answer, texts) {
  const { stratum, place, of, quota, ticket, proof: { row } } = answer;
  const where = [t("名录中的位置"), t("第 {row} 行", { row: number(row + 1) })];
  if (!ticket) return [where];
  return [
    where,
    [t("所在分层"), level(stratum, texts.stratum[stratum])],
    [t("被抽中的机会"), chance(answer)],
    [t("签号"), t("{ticket}；{beside}", { ticket, beside: beside(answer) })],
    [
      t("名次"),
      t("签号由小到大排第 {place} 位，共 {of} 家，抽取前 {quota} 位", {
        place: number(place), of: number(of), quota: number(quota),
      }),
    ],
  ];
}

const level = (stratum, name) => (name ? t("{stratum} 层（{name}）", { stratum, name }) : t("{stratum} 层", { stratum }));

/** The ticket against the last one drawn of its stratum; an alternate lies behind it. */
function beside({ state, cut, place, quota }) {
  if (cut === null) return t("这一层没有名额");
  if (place <= quota) return t("不大于分界签号 {cut}，所以抽中", { cut });
  if (state === "drawn") return t("大于分界签号 {cut}，作为候补对象替换抽入", { cut });
  return t("大于分界签号 {cut}，所以没有抽中", { cut });
}

/** The chance in figures and words; where weights differ the fraction is the stratum's average. */
function chance({ quota, of, weight, uneven }) {
  const share = t("{part}，约 {percent}，即每 {of} 家抽 {quota} 家", {
    part: `${quota}/${of}`, percent: percent(quota / of), of: number(of), quota: number(quota),
  });
  if (uneven) return t("本层平均 {share}；各家权重不同，本企业权重为 {weight}，权重越大机会越大", { share, weight });
  return t("{share}，机会均等", { share });
}

const percent = (share) => share.toLocaleString("zh-CN", { style: "percent", maximumSignificantDigits: 2 });

/** The row, the way to the root, and both as a receipt that any verifier takes. */
function proof({ id, proof: { row, line, path, root, receipt } }) {
  const box = document.createElement("details");
  const steps = element("ol", "", "path");
  steps.append(...path.map((node) => element("li", node, "hash")));
  box.append(
    element("summary", t("证明：这一行确实在冻结名录里")),
    element("p", t("冻结名录第 {row} 行是：", { row: number(row + 1) })),
    element("p", line, "hash"),
    element("p", t("从它所在的 256 行开始，依次与下列节点合并计算，就得到方案所载的默克尔根：")),
    steps,
    element("p", root, "hash"),
    save(receipt, id),
  );
  return box;
}

function save(receipt, id) {
  if (kept) URL.revokeObjectURL(kept);
  kept = URL.createObjectURL(new Blob([receipt], { type: "application/json" }));
  const link = element("a", t("保存查验单（任何核验程序都能核对）"), "btn");
  return Object.assign(link, { href: kept, download: `receipt-${id}.json` });
}
