"""The default DOCX templates as data: what stands where, in Jinja marks; :mod:`starters` makes files of it."""

from __future__ import annotations

from dataclasses import dataclass

OFFICERS = (
    "{% for o in officers %}{{ o.name }}（{% if o.leader %}组长，{% endif %}执法证号{{ o.certificate }}）"
    "{% if not loop.last %}、{% endif %}{% endfor %}"
)


def joined(name: str, between: str = "、") -> str:
    """The marks that write a list of texts in one line."""
    return f"{{{{ {name} | join('{between}') }}}}"


@dataclass(frozen=True, slots=True)
class Fields:
    """A table of labels and values; a row holds one pair, or two beside each other."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a repeated head and one row for each element of ``loop``; widths in millimetres.

    ``optional``: left out with its heading when there is nothing to list.
    """

    heading: str
    loop: str
    columns: tuple[tuple[str, str, int], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """A heading, may be empty, and a paragraph."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading and one numbered paragraph for each element of ``loop``."""

    heading: str
    loop: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Signature lines, then the seal area if ``sealed``, then the remark with the QR code."""

    remark: str
    lines: tuple[str, ...] = ()
    sealed: bool = True


Block = Fields | Grid | Prose | Listing | Closing

_OBJECT = (
    (("检查对象", "{{ object_name }}"),),
    (("统一社会信用代码", "{{ object_code }}"), ("任务编号", "{{ task_no }}")),
)
_OFFICERS_SIGN = "执法检查人员（签名）：＿＿＿＿＿＿＿＿　　＿＿＿＿＿＿＿＿"
_TWO_COPIES = "一式两份，检查机关和检查对象各执一份。"
_PERSONS = (("序号", "{{ loop.index }}", 14), ("姓名", "{{ x.name }}", 50), ("执法证号", "{{ x.certificate }}", 52))
_SIGNER = "{{ x.person }}{% if x.role %}（{{ x.role }}）{% endif %}"


_POINTS = Grid("一、检查内容和结果", "points", (
    ("序号", "{{ x.no }}", 13), ("检查内容", "{{ x.content }}", 69), ("检查结果", "{{ x.answer }}", 20),
    ("检查发现的事实", "{{ x.facts }}", 54),
))  # fmt: skip


def _supplements(heading: str) -> Grid:
    """What was added to a record afterwards."""
    return Grid(heading, "supplements", (
        ("序号", "{{ x.n }}", 13), ("补充说明", "{{ x.text }}", 61), ("时间", "{{ x.at }}", 46),
        ("签字", "{{ x.signed }}", 36),
    ), optional=True)  # fmt: skip


def _signed(heading: str, loop: str) -> Grid:
    return Grid(heading, loop, (("姓名", _SIGNER, 70), ("方式", "{{ x.how }}", 30), ("时间", "{{ x.at }}", 56)))


LAYOUTS: dict[str, tuple[Block, ...]] = {
    "draw": (
        Fields((
            (("抽取编号", "{{ draw_no }}"), ("状态", "{{ state }}")),
            (("抽查事项", "{{ item }}"),), (("抽查依据", "{{ basis }}"),), (("抽取事由", "{{ cause }}"),),
            (("操作人员", "{{ operator }}"),),
            (("冻结时间", "{{ frozen }}"), ("抽取时间", "{{ decided }}")),
            (("见证", joined("witnesses")),), (("抽取参数", joined("parameters", "；")),),
            (("算法版本", "{{ algorithm }}"),), (("公共随机事件", "{{ event }}"),), (("随机数", "{{ entropy }}"),),
            (("名录快照摘要", "{{ snapshot }}"),), (("方案摘要", "{{ plan }}"),), (("结果摘要", "{{ result }}"),),
        )),
        Grid("一、秘密数持有人", "contributors", (
            ("持有人", "{{ x.who }}", 40), ("承诺（抽取前作出）", "{{ x.commit }}", 70),
            ("揭示时间", "{{ x.revealed }}", 46),
        )),
        Grid("二、各层抽取数", "strata", (
            ("层（信用风险分类）", "{{ x.name }}", 52), ("可抽取对象数", "{{ x.eligible }}", 52),
            ("抽取数", "{{ x.quota }}", 52),
        )),
        Grid("三、抽取结果", "tasks", (
            ("任务", "{{ x.n }}", 13), ("检查对象", "{{ x.object }}", 46), ("层", "{{ x.stratum }}", 24),
            ("检查组（首位为组长）", "{{ x.team }}", 45), ("专家", "{{ x.experts }}", 28),
        )),
        Closing(
            "任何人都可以凭公开的抽取材料重新计算本次抽取。{% if address %}扫码查阅抽取过程并核验。{% endif %}",
            ("操作人员（签名）：＿＿＿＿＿＿＿＿　　见证人（签名）：＿＿＿＿＿＿＿＿",),
        ),
    ),
    "notice": (
        Prose("", "{{ object_name }}："),
        Prose("", "　　依法决定对你单位（统一社会信用代码：{{ object_code }}）实施行政检查。现将有关事项通知如下："),
        Prose("一、检查事项", "　　{{ item }}（{{ type }}，检查方式：{{ mode }}）。"
              "检查时间：{{ planned or '＿＿＿＿＿＿＿＿' }}。{% if code %}执法码：{{ code }}。{% endif %}"),
        Prose("二、检查依据", "　　{{ basis }}"),
        Prose("三、检查内容", "　　{{ content }}"),
        Grid("四、执法检查人员", "officers", (*_PERSONS, ("备注", "{% if x.leader %}组长{% endif %}", 40))),
        Listing("五、需要准备的材料（一次告知）", "materials"),
        Listing("六、你单位的权利", "rights"),
        Listing("七、检查纪律", "discipline"),
        Prose("八、检查频次", "　　{{ frequency }}"),
        Prose("九、不预先告知的理由", "　　{{ ground or '无。' }}"),
        Fields((
            (("送达方式", "{{ method }}"), ("送达时间", "{{ delivered }}")), (("接收人", "{{ received_by }}"),),
        )),
        Closing(
            "通知编号：{{ notice_no }}。本通知书" + _TWO_COPIES
            + "{% if address %}扫码核验本次抽取和你单位在其中的签号；二维码仅供你单位使用。{% endif %}"
        ),
    ),
    "visit": (
        Prose("", "{{ late }}"),
        Fields((
            *_OBJECT, (("检查地点", "{{ place }}"),),
            (("到达时间", "{{ arrived }}"), ("离开时间", "{{ left }}")),
            (("检查时长", "{{ duration }}"), ("抽取编号", "{{ draw_no }}")),
            (("抽查事项", "{{ item }}"),), (("执法码", "{{ code }}"),), (("执法检查人员", OFFICERS),),
            (("专家", "{{ experts }}"),), (("出示证件", "{{ shown }}"),),
        )),
        _POINTS,
        Prose("二、现场情况", "　　{{ facts }}"),
        Fields(((("拒绝签字或盖章的理由", "{{ refusal }}"),), (("记录状态", "{{ state }}"),))),
        _signed("三、检查对象签字或盖章", "object_signatures"),
        _signed("四、执法检查人员签字", "officer_signatures"),
        _signed("五、见证人和其他人员签字", "other_signatures"),
        _supplements("六、签字后的补充说明"),
        Closing("本记录" + _TWO_COPIES + "签字后的更正只以补充说明作出，原文保留。", sealed=False),
    ),
    "review": (
        Fields((
            *_OBJECT, (("检查方式", "{{ mode }}"), ("抽取编号", "{{ draw_no }}")),
            (("接收任务", "{{ begun }}"), ("完成时间", "{{ concluded }}")),
            (("检查事项", "{{ item }}"),), (("执法码", "{{ code }}"),), (("执法检查人员", OFFICERS),),
            (("专家", "{{ experts }}"),),
        )),
        _POINTS,
        Prose("二、检查情况和结论", "　　{{ facts }}"),
        Fields(((("记录状态", "{{ state }}"),),)),
        _supplements("三、补充说明"),
        Closing("未到检查对象现场。更正只以补充说明作出，原文保留。", (_OFFICERS_SIGN,), sealed=False),
    ),
    "recusal": (
        Fields((
            (("申请编号", "{{ case_no }}"), ("提出时间", "{{ raised }}")), (("提出人", "{{ applicant }}"),),
            (("被申请回避人员", "{{ person }}"), ("身份", "{{ role }}")), (("抽查事项", "{{ item }}"),),
            (("抽取编号", "{{ draw_no }}"), ("所涉任务", "{{ task }}")), (("回避事由", "{{ reason }}"),),
            (("决定", "{{ decision }}"),), (("理由", "{{ reasons }}"),), (("后续安排", "{{ consequence }}"),),
            (("决定人", "{{ decided_by }}"), ("决定时间", "{{ decided }}")),
        )),
        Closing(
            "执法检查人员、专家与检查对象有利害关系的，应当回避（第九条）。不同意回避的，向提出人说明理由。",
            ("决定人（签名）：＿＿＿＿＿＿＿＿　　告知提出人日期：＿＿＿＿＿＿＿＿",),
        ),
    ),
    "rectification": (
        Prose("", "{{ object_name }}："),
        Prose("", "　　本机关于{{ inspected }}对你单位（统一社会信用代码：{{ object_code }}）实施“{{ item }}”检查"
              "（检查任务{{ task_no }}），发现下列问题，现责令你单位按下列要求和期限改正。检查依据：{{ basis }}。"),
        Grid("", "demands", (
            ("序号", "{{ x.n }}", 13), ("存在的问题", "{{ x.finding }}", 53), ("改正要求", "{{ x.demand }}", 54),
            ("改正期限", "{{ x.due }}", 36),
        )),
        Prose("", "　　请在期限届满前完成改正，并将改正情况和证明材料提交本机关，本机关将进行复查。"),
        Listing("你单位享有下列权利：", "rights"),
        Fields(((("执法检查人员", OFFICERS),), (("检查对象签收", ""), ("签收日期", "")))),
        Closing("本通知书" + _TWO_COPIES),
    ),
    "feedback": (
        Prose("", "{{ object_name }}："),
        Prose("", "　　本机关{{ inspected }}对你单位实施了“{{ item }}”检查。请你单位对检查人员的行为作出评价。"),
        Prose("", "　　评价直接送纪检监察机构，实施检查的处室和检查人员看不到是否评价、何时评价和评价内容。"
              "评价只能作出一次，请在{{ until }}前{% if address %}扫描二维码或者{% endif %}填写评价口令。"
              "请勿把本单交给检查人员。"),
        Fields(((("评价口令", "{{ code }}"),),)),
        Closing("本单由系统在检查结束后生成，每次检查一份。"),
    ),
    "approval": (
        Fields((
            *_OBJECT, (("检查事项", "{{ item }}"),), (("检查类型", "{{ type }}"), ("检查方式", "{{ mode }}")),
            (("检查依据", "{{ basis }}"),), (("检查内容", "{{ content }}"),),
            (("拟检查时间", "{{ planned }}"), ("审批方式", "{{ urgent }}")), (("执法检查人员", OFFICERS),),
            (("采用现场检查的理由", "{{ mode_reason }}"),), (("申请检查的理由", "{{ reason }}"),),
            (("申请人", "{{ proposer }}"), ("申请时间", "{{ proposed }}")), (("审批意见", "{{ opinion }}"),),
            (("审批人", "{{ approver }}"), ("审批时间", "{{ approved }}")),
        )),
        Closing("申请人与审批人不得为同一人。情况紧急的，可以先检查后补批。", sealed=False),
    ),
}  # fmt: skip
