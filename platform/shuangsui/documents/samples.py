"""One form of each kind with invented values, for checks of templates, previews and tests; every name is (模拟)."""

from __future__ import annotations

from datetime import date

from shuangsui.documents.values import (
    ApprovalForm,
    Contributor,
    Demand,
    DrawnLine,
    DrawRecord,
    FeedbackForm,
    Form,
    NoticeForm,
    Officer,
    Point,
    RectificationOrder,
    RecusalDecision,
    ReviewRecord,
    Signed,
    Stratum,
    Supplement,
    VisitRecordForm,
)

AUTHORITY = "某市经济和信息化委员会(模拟)"
OBJECT = "龙溪启航电子有限公司(模拟)"
CODE = "915001080000000019"
ITEM = "工业企业节能监察"
BASIS = "《中华人民共和国节约能源法》(模拟引用)"
TASK_CODE = "ZF5001202611180052(模拟)"
CONTENT = "能源计量器具配备和管理、主要用能设备能效等级、能源消费统计和利用状况报告"
ADDRESS = "https://shuangsui.example/moni/draws/2026-118/"
DAY = date(2026, 11, 23)
OFFICERS = (Officer("张丽华(模拟)", "ZF2000", leader=True), Officer("马敏(模拟)", "ZF2013"))
RIGHTS = (
    "有权要求执法人员出示行政执法证件，未出示的可以拒绝检查",
    "有权陈述意见、提出申辩",
    "认为执法人员、专家与本单位有利害关系的，有权申请回避",
)
DISCIPLINE = ("不得妨碍检查对象正常的生产经营活动", "不得收受检查对象给予的财物或者其他好处")


def _digest(start: str) -> str:
    return (start * 64)[:64]


def samples() -> dict[str, Form]:
    """Every kind with its sample."""
    made = (draw(), notice(), visit(), review(), recusal(), rectification(), approval(), feedback())
    return {form.kind: form for form in made}


def draw() -> DrawRecord:
    """A draw of six objects in three strata, with a witness."""
    names = ("龙溪启航电子", "云岭精密机械", "江河新材料", "渝东化工", "南山包装印刷", "北岸汽车零部件")
    tasks = tuple(
        DrawnLine(n, f"{name}有限公司(模拟)", "ABC"[n % 3], "张丽华(模拟)、马敏(模拟)", "钱专家(模拟)")
        for n, name in enumerate(names, start=1)
    )
    return DrawRecord(
        authority=AUTHORITY, number="抽记〔2026〕118号(模拟)", dated=DAY, address=ADDRESS,
        draw_no="2026-118", item=f"{ITEM}（JX-11）", basis=BASIS,
        cause="2026年度抽查工作计划第3条第1次", state="已抽取",
        operator="李操作(模拟)", frozen="2026年11月20日09时00分", decided="2026年11月23日10时05分",
        snapshot=_digest("7c1e90af33b2d6e0"), plan=_digest("19f0c2d4"), result=_digest("a8e35b71"),
        algorithm="srd-1（摘要算法 sha256）", event="福利彩票双色球第2026135期开奖号码(模拟)",
        entropy="03121721263309",
        parameters=("检查组2人", "专家1人", "每批5项"),
        contributors=(
            Contributor("本机关操作方", _digest("5d0b"), "2026年11月23日10时02分"),
            Contributor("纪检监察(模拟)", _digest("e41f"), "2026年11月23日10时03分"),
        ),
        witnesses=("甲区经济和信息化委员会(模拟)",),
        strata=(Stratum("A", 60, 2), Stratum("B", 48, 2), Stratum("C", 21, 2)), tasks=tasks,
    )  # fmt: skip


def notice() -> NoticeForm:
    """A notice that was delivered."""
    return NoticeForm(
        authority=AUTHORITY, number="检通〔2026〕52号(模拟)", dated=date(2026, 11, 18), address=ADDRESS,
        notice_no="TZ2026-0052", object_name=OBJECT, object_code=CODE, item=ITEM, type="双随机抽查", mode="现场检查",
        basis=BASIS, content=CONTENT, planned="2026年11月23日", officers=OFFICERS,
        materials=("2025年度能源利用状况报告", "主要用能设备台账", "能源计量器具检定证书"), rights=RIGHTS,
        discipline=DISCIPLINE, frequency="本年度对你单位的同类抽查（含本次）共1次。", code=TASK_CODE, method="直接送达",
        received_by="李经理(模拟)", delivered="2026年11月18日15时20分",
    )  # fmt: skip


def visit() -> VisitRecordForm:
    """A late record of a visit with a finding and a supplement, signed by everybody."""
    points = (
        Point("1", "能源计量器具配备和管理", "符合"),
        Point("2", "主要用能设备能效等级", "不符合", "2台空压机低于3级能效，型号见附件照片1、2。"),
        Point("3", "能源消费统计与利用状况报告", "符合"),
        Point("4", "淘汰落后用能设备", "不适用"),
    )
    return VisitRecordForm(
        authority=AUTHORITY, number="检记〔2026〕41号(模拟)", dated=DAY, address=ADDRESS,
        task_no="RW2026-0118", object_name=OBJECT, object_code=CODE, place="南川区东城街道工业园12号(模拟)",
        arrived="2026年11月23日14时05分", left="2026年11月23日16时20分", duration="2小时15分钟", item=ITEM,
        draw_no="2026-118", officers=OFFICERS, experts="钱专家(模拟)",
        shown="2026年11月23日14时06分，已出示执法证ZF2000、ZF2013", points=points,
        facts="检查组到达后出示证件，告知检查依据和内容，由该单位设备部负责人陪同，查阅2025年能源利用状况报告、设备台账，"
        "现场核对主要用能设备铭牌12台。", state="已确认", code=TASK_CODE, late="补录（延迟17小时40分钟）",
        officer_signatures=(
            Signed("执法检查人员", "张丽华(模拟)", "签字", "2026年11月23日16时15分"),
            Signed("执法检查人员", "马敏(模拟)", "签字", "2026年11月23日16时15分"),
        ),
        object_signatures=(Signed("检查对象", "李经理(模拟)", "签字", "2026年11月23日16时12分", "设备部负责人"),),
        supplements=(
            Supplement(1, "第2项所称空压机的型号更正为LG-37(模拟)。", "2026年11月25日09时30分",
                       "张丽华(模拟)、马敏(模拟)"),
        ),
    )  # fmt: skip


def review() -> ReviewRecord:
    """A network inspection with a finding and without an expert."""
    points = (
        Point("1", "网站备案编号公示", "符合"),
        Point("2", "安全防护措施", "不符合", "首页存在弱口令账号(模拟)。"),
    )
    return ReviewRecord(
        authority=AUTHORITY, number="查记〔2026〕8号(模拟)", dated=DAY, address=ADDRESS, task_no="RW2026-0119",
        object_name=OBJECT, object_code=CODE, mode="网络监测", item=ITEM, draw_no="2026-118",
        begun="2026年11月23日09时00分", concluded="2026年11月23日11时30分", officers=OFFICERS, experts="",
        points=points, facts="按检查要点逐项远程检测，留存检测日志和页面截图。", state="已得出结论",
        code="ZF5001202611230119(模拟)",
    )  # fmt: skip


def recusal() -> RecusalDecision:
    """A request of the inspected object that was upheld."""
    return RecusalDecision(
        authority=AUTHORITY, number="避决〔2026〕3号(模拟)", dated=date(2026, 11, 19),
        case_no="HB2026-0003", applicant=f"检查对象 {OBJECT}", raised="2026年11月18日16时00分",
        person="马敏(模拟)（ZF2013）",
        role="执法检查人员", draw_no="2026-118", item=ITEM, task="第7项任务", reason="近亲属任职",
        decision="同意回避", reasons="经核实，被申请人的近亲属在检查对象任职(模拟)，与检查对象有利害关系，应当回避。",
        consequence="按公开的算法重新随机抽取一名执法检查人员替换。", decided_by="王主任(模拟)",
        decided="2026年11月19日10时30分",
    )  # fmt: skip


def feedback() -> FeedbackForm:
    """A slip for one inspection."""
    return FeedbackForm(
        authority=AUTHORITY, number="评价〔2026〕7号(模拟)", dated=DAY, object_name=OBJECT, item=ITEM,
        address="https://shuangsui.example/e/moni.MDEyMzQ1Njc4OWFiY2RlZmdo/rate", inspected="2026年11月23日",
        code="moni.MDEyMzQ1Njc4OWFiY2RlZmdo", until="2026年12月23日",
    )  # fmt: skip


def rectification() -> RectificationOrder:
    """An order with two demands."""
    return RectificationOrder(
        authority=AUTHORITY, number="责改〔2026〕9号(模拟)", dated=date(2026, 11, 24), address=ADDRESS,
        task_no="RW2026-0118", object_name=OBJECT, object_code=CODE, item=ITEM, basis=BASIS,
        inspected="2026年11月23日", officers=OFFICERS, demands=(
            Demand(1, "2台空压机低于3级能效。", "停用或者更换低于3级能效的空压机，提交更换后的铭牌照片。",
                   "2026年12月23日"),
            Demand(2, "能源计量器具台账缺少检定日期。", "补齐台账，并按周期送检。", "2026年12月8日"),
        ), rights=RIGHTS[1:],
    )  # fmt: skip


def approval() -> ApprovalForm:
    """An approved visit."""
    return ApprovalForm(
        authority=AUTHORITY, number="检批〔2026〕52号(模拟)", dated=date(2026, 11, 17),
        task_no="RW2026-0118", object_name=OBJECT, object_code=CODE, item=ITEM, type="双随机抽查", mode="现场检查",
        mode_reason="主要用能设备的铭牌和运行状况须到现场核对。", basis=BASIS, content=CONTENT,
        planned="2026年11月23日", officers=OFFICERS,
        reason="按年度抽查工作计划抽取，拟于11月23日实施现场检查。", urgent="检查前审批",
        proposer="周科长(模拟)", proposed="2026年11月16日09时12分", opinion="同意检查。", approver="王主任(模拟)",
        approved="2026年11月17日10时00分",
    )  # fmt: skip
