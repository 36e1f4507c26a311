"""A town full of matters: every state, track, class and light, for lists and pages."""

from typing import Any

from town import Town

FIRMS = [
    ("恒远铸造有限公司", "恒远铸造"),
    ("耒水食品有限公司", "耒水食品"),
    ("南塘电子有限公司", "南塘电子"),
    ("和顺物流有限公司", "和顺物流"),
    ("明达电池材料有限公司", "明达电池材料"),
    ("福田农机有限公司", "福田农机"),
]
WORDS = [
    "变压器增容报装三个月没批",
    "园区污水管网接入一直没有批",
    "厂房不动产证办不下来",
    "货车限行，绕路多跑十二公里",
    "新生产线环评批复没有回音",
    "招不到质检员和叉车工",
    "稳岗补贴材料退了两次",
    "消防水压不够，验收没通过",
    "园区路灯坏了半条街",
    "贷款到期想续贷，没人对接",
    "临时用地批文快到期",
    "外地技工的孩子没有学位",
    "自来水压力一到下午就不够",
    "技改补贴第二笔没有到账",
    "进厂的路太窄，大货车会不了车",
]


def fill(town: Town) -> dict[str, str]:
    """Play a few weeks; the clock ends at 10:24 on 3 November 2023. Named matters by name."""
    firms = [town.firm_subject]
    for n, (name, short) in enumerate(FIRMS):
        firm = town.add_firm(name, f"91430481MA00001{n:02d}X")
        firm.short_name = short
        firm.park = town.units["park"] if n % 2 else None
        firm.save()
        firms.append(firm)
    named: dict[str, str] = {}
    starts = ["2023-10-16", "2023-10-18", "2023-10-20", "2023-10-24", "2023-10-26"]
    dues = ["2023-10-31", "2023-11-02", "2023-11-03", "2023-11-06", "2023-11-15", "2023-11-20"]
    units = ["market-regulation", "transport", "admin-approval", "power-company"]
    for n, words in enumerate(WORDS):
        town.on(f"{starts[n % 5]} 09:{n:02d}")
        unit = units[n % 4]
        ref = town.desk.registers(
            words,
            subject=firms[n % 7].pk,
            source="telephone",
            unit=unit,
            due_on=dues[n % 6],
        )
        if n % 3:
            getattr(town, unit.replace("-", "_")).does(
                "contact", ref, kind="first", by="telephone", words="说明天上门看现场"
            )
        if n % 5 == 1 and n % 3:
            getattr(town, unit.replace("-", "_")).does("progress", ref, text="已到现场看过")
    town.on("2023-11-01 09:00")
    for words in ("园区食堂太远", "想了解技改政策", "夜间供电不稳，烧了两台电机"):
        named[words] = town.firm.registers(words)
    hidden = town.other_firm.registers(
        "某局办事人员吃拿卡要", subject=town.other_subject.pk, **{"class": "name_hidden"}
    )
    town.desk.does(
        "triage",
        hidden,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="办事窗口服务态度问题",
        shown_body="一家企业反映，办证时窗口服务态度不好。",
    )
    named["hidden"] = hidden
    sealed = town.firm.registers("专班转办不及时", **{"class": "supervision_only"})
    named["sealed"] = sealed
    named["reported"] = report(town, town.desk.registers("消防验收排不上号"), grade="B")
    named["verified"] = report(town, town.desk.registers("发票额度不够用"), grade="B")
    town.desk_2.does("verify", named["verified"])
    named["licence"] = licence(town)
    town.on("2023-11-03 10:24")
    return named


def report(town: Town, ref: str, *, grade: str, **result: Any) -> str:
    """A triaged matter on which the lead reports."""
    town.desk.does("triage", ref, track="scheduled", grade=grade, lead="transport")
    town.transport.does("acknowledge", ref)
    town.transport.does(
        "draw-lists",
        ref,
        approach="先看现场，再补件",
        tasks=[{"title": "验收", "unit": "transport", "due_on": "2023-11-08", "part": "lead"}],
    )
    told = {"kind": "solved", "text": "已办好", "evidence": ["意见书 12 号"], "finish": [1]}
    town.transport.does("report-result", ref, **(told | result))
    return ref


def licence(town: Town) -> str:
    """The first case's licence, half way: three units, four tasks, one done."""
    town.on("2023-10-30 10:12")
    ref = town.assistant.registers(
        "领导，这个手续办不下来，我们也没办法生产啊！厂房按什么标准建、商标怎么注册，问了几家，说法不一样。",
        title="食品生产许可证办不下来",
        source="visit",
    )
    town.assistant.does(
        "order-on-spot",
        ref,
        unit="market-regulation",
        due_on="2023-11-06",
        text="专程对接，把证办下来",
    )
    town.on("2023-10-30 14:50")
    line = {"unit": "market-regulation", "section": "food-production", "part": "lead"}
    other = {"unit": "admin-approval", "part": "cooperating"}
    town.desk.does(
        "draw-lists",
        ref,
        approach="先上门讲清厂房标准，再受理材料，核查后当天发证",
        tasks=[
            {**line, "id": 1, "title": "发证，送到企业", "due_on": "2023-11-06"},
            {**line, "title": "上门指导厂房食品安全建设标准", "due_on": "2023-10-31"},
            {**other, "title": "一次性告知许可材料，当场改好", "due_on": "2023-11-01"},
            {**line, "title": "现场核查", "due_on": "2023-11-03"},
        ],
    )
    town.on("2023-10-30 15:10")
    town.market_regulation.does("contact", ref, kind="first", by="telephone", words="约定次日上门")
    town.admin_approval.does("acknowledge", ref)
    town.on("2023-10-31 10:05")
    town.market_regulation.does("finish-task", ref, task=2, text="逐间讲清厂房要求，留下书面意见")
    town.on("2023-11-01 16:20")
    town.admin_approval.does("finish-task", ref, task=3, text="当场改好 3 处材料")
    town.on("2023-11-03 08:40")
    town.actor("section").does("progress", ref, text="今天下午两点上门核查")
    return ref
