// What the reader typed or picked: taken, or refused with the reason. Loaded with the first question or mistake.

import { showVerdict } from "./verify-view.js";
import { element, t } from "./words.js";

const byId = (id) => document.getElementById(id);

/** Credit codes are printed in capitals; other ids stay as typed. */
const creditCode = (text) => (/^[0-9a-z]{18}$/i.test(text) ? text.toUpperCase() : text);

/** The question in the two fields, or null with the problem shown. */
export function question() {
  const [id, salt] = [creditCode(byId("code").value.trim()), byId("salt").value.trim().toLowerCase()];
  if (id === "") return refuse(t("请输入统一社会信用代码。"));
  if (salt !== "" && !/^[0-9a-f]{32}$/.test(salt)) return refuse(t("盐应为 32 位十六进制数字，请对照通知书重新输入。"));
  return { kind: "company", id, salt };
}

export const refuseUnverified = () => refuse(t("请先完成核验；核验未通过时，名录中的位置没有意义。"));

export const refuseReceipt = (code, reason) => refuse(t("查验单无法使用：{reason}（{code}）。", { reason, code }));

/** Why a company's question has no answer. */
function refuse(text) {
  byId("answer").replaceChildren(element("p", text, "note bad"));
  return null;
}

export function refuseTrust(line) {
  byId("trust").setAttribute("aria-invalid", "true");
  byId("trust-error").hidden = false;
  const format = t("信任清单第 {line} 行格式不对：应为“log、witness 或 contributor 加一个公钥”，或“quorum 加一个数”。", { line });
  byId("trust-error").textContent = format;
  showVerdict("wait", t("没有开始核验"), t("请先改正信任清单，或清空它再核验。"));
}
