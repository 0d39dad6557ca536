"""The sentences of the item list."""

from __future__ import annotations

ATTENTION = {
    "class_missing": "事项 {item} 没有填写事项类别：请选定“重点”或“一般”。",
    "ratio_missing": "事项 {item} 没有填写抽查比例：请填写。",
    "ratio_unparsed": "事项{item}的抽查比例“{text}”不能自动读成数字，已按原文保留：请人工填写比例上下限。",
    "frequency_missing": "事项 {item} 没有填写抽查频次：请填写。",
    "frequency_unparsed": "事项{item}的抽查频次“{text}”不能自动读成次数，已按原文保留：请人工填写次数和周期。",
    "method_unparsed": "事项 {item} 的抽查方式“{text}”不像检查方式：请核对后填写现场检查、书面检查、网络监测等。",
}
"""What a person must look at; the item is on the draft all the same."""

PROBLEMS = {
    "item_unconfirmed": "事项 {item} 尚未经业务处室确认：请先确认，或搁置到下一版。",
    "column_missing": "事项 {item} 缺少“{column}”：请补充，或搁置到下一版。",
    "ground_missing": "重点检查事项 {item} 没有写明理由：请填写公共利益、安全、质量，或“其他：理由”。",
    "ground_unknown": "重点检查事项 {item} 的理由“{ground}”不在范围内：请填写公共利益、安全、质量，或“其他：理由”。",
    "ground_unexplained": "重点检查事项 {item} 的理由为“其他”，没有说明：请写成“其他：理由”。",
    "cap_required": "一般检查事项 {item} 没有抽查比例上限（“{text}”）：请写明“不超过…%”，或搁置到下一版。",
    "batch_order_general": "事项 {item} 是一般检查事项，不能只抽取检查批次顺序：请改用按比例抽取。",
    "public_mode_withheld": "事项 {item} 有依法不予公开的结果，不能用公开名单方式抽取：请改为加盐方式（salted）。",
    "item_personal": "事项 {item} 的“{column}”含有个人信息（{kind}），公布后人人可见：请删去，或搁置到下一版。",
}
"""Why a list cannot be submitted, row by row."""

REFUSALS = {
    "list_refused": "清单 {rows} 项中有 {count} 处不合规定，没有提交：请逐处改正，或把事项搁置到下一版。",
    "list_empty": "清单第 {version} 版没有可以提交的事项：请先导入事项，或取消搁置。",
    "list_locked": "清单第 {version} 版正在“{state}”，不能修改：请等它公布，或由委领导退回。",
    "list_state": "清单第 {version} 版当前为“{state}”，不能{act}。",
    "list_tampered": "清单第 {version} 版的内容与提交时不一致：请由委领导退回，核对后重新提交。",
    "no_list": "没有正在编制的清单：请先导入事项清单。",
    "list_missing": "没有第 {version} 版清单：请核对版本。",
    "lead_office_only": "用户 {login} 不是综合执法处人员，不能提交清单：清单由综合执法处牵头编制。",
    "item_missing": "清单第 {version} 版没有事项 {item}：请核对事项编号。",
    "item_not_in_force": "事项 {item} 不在现行清单（{version}）上，不能据此抽查：请先列入清单并公布。",
    "item_unpublished": "事项 {item} 所在的清单第 {version} 版尚未公布，不能据此抽查：请先公布清单。",
    "field_unknown": "没有可以修改的栏目“{field}”：可以修改的有 {known}。",
    "reading_unclear": "“{text}”不能读成数字：请写成“不超过10%”“每年1次”这样的文字。",
    "mode_unknown": "没有抽取方式“{mode}”：请填写 salted（加盐）或 public（公开名单）。",
    "reason_required": "必须写明理由。",
    "basis_unused": "现行清单没有以“{law}”为依据的事项：请按清单“抽查依据”一栏的写法填写。",
    "basis_marked": "“{law}”于 {day} 的修改已经登记过。",
    "basis_lead_office_only": "用户 {login} 不是综合执法处人员，不能办理依据复核：请由综合执法处办理。",
    "review_missing": "事项 {item} 没有因“{law}”修改而待复核：请在待复核的事项中核对。",
    "basis_review_overdue": "事项 {item} 的依据“{law}”已于 {day} 修改，逾期没有复核，不能抽取：请先复核事项。",
}

TEXTS = {**ATTENTION, **PROBLEMS, **REFUSALS}

ALERTS: dict[str, str] = {
    "list_unpublished": "已批准的随机抽查事项清单没有公布",
    "basis_review": "抽查依据已经修改，事项待复核",
    "registry_empty": "事项没有检查对象（名录为空）",
}
"""Titles of the alerts of this area."""

ACTS: dict[str, str] = {
    "catalogue.approve": "批准清单",
    "catalogue.basis_amended": "依据变动",
    "catalogue.confirm": "业务处室确认",
    "catalogue.hold": "暂停事项",
    "catalogue.publish": "公布清单",
    "catalogue.release": "恢复事项",
    "catalogue.return": "退回清单",
    "catalogue.review": "复核依据",
    "catalogue.set": "编写事项",
    "catalogue.submit": "提交清单",
}
