"""What the life of authorities tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "handover_forged": "移交清单 {digest} 不是由决定所列的原机关签名的，没有承接：请向原机关重新索取。",
    "handover_other": "这份移交清单是租户 {sender} 移交给 {receiver} 的，不能由 {tenant} 承接：请核对文件。",
    "handover_part": "租户 {tenant} 由几个机关承接，不能全部移交给其中一个：请写明移交哪些区域的对象、哪些处室的人员。",
    "handover_exists": "文件 {file} 已经存在，没有改动：请换一个文件名。",
    "handover_undecided": "没有决定由租户 {receiver} 承接租户 {sender}，或者还没有到生效日：请先由上级机关作出决定。",
    "handover_unreadable": "移交清单不能使用（{problem}），没有承接：请向原机关重新索取。",
    "tenure_closed": "租户 {tenant} 已决定撤并，不能再变更：请核对决定。",
    "tenure_decided": "决定 {no} 已经办结（{state}），不能再次办理。",
    "tenure_missing": "没有编号为 {no} 的决定：请核对编号。",
    "tenure_not_below": "租户 {tenant} 不是本机关的下级，不能由本机关决定：请核对租户代码。",
    "tenure_same": "租户 {tenant} 已经是这一状态，没有改动。",
    "tenure_successors": "撤并须写明承接的机关，暂停和恢复不写；被撤并的机关不能承接自己。",
    "tenure_words": "决定须写明涉及的机关、文号和理由：请补充。",
}

ACTS: dict[str, str] = {
    "tenant.hand_over": "移交业务",
    "tenant.take_over": "承接业务",
    "tenure.approve": "批准机关变动",
    "tenure.close": "机关终止",
    "tenure.propose": "提出机关变动",
    "tenure.refuse": "不批准机关变动",
    "tenure.resume": "机关恢复",
    "tenure.succeed": "机关承接",
    "tenure.suspend": "机关暂停",
}
