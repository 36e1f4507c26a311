"""A town in which every word tells whose it is: what leaks can be seen in any answer."""

from dataclasses import dataclass, field

from qingdan.domain.people.models import Unit
from town import Actor, Town

ACCOUNTS = ("enterprise", "enterprise-2", "market-regulation", "transport")
"""Two enterprises and two units, who ask from outside."""

FIRM, OTHER, MARKET, TRANSPORT = ACCOUNTS


@dataclass
class Marked:
    """The matters of the town and its words, each with who of the four may read it."""

    town: Town
    refs: dict[str, str] = field(default_factory=dict)
    """The reference of each matter by its name."""
    sees: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who of the four sees each matter."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who of the four may meet each word, in whatever answer."""
    subject: int = 0
    """Whose matters are being added."""

    def word(self, name: str, *readers: str) -> str:
        """A word that stands nowhere else; nobody but these may ever read it."""
        word = f"暗号{len(self.words):03d}{name}"
        self.words[word] = readers
        return word

    def seen_by(self, account: str) -> list[str]:
        return [ref for name, ref in self.refs.items() if account in self.sees[name]]

    def foreign_to(self, account: str) -> list[str]:
        """The words that no answer to this account may contain."""
        return [word for word, readers in self.words.items() if account not in readers]

    def add(
        self, name: str, by: Actor, *readers: str, sees: tuple[str, ...] = (), **fields: object
    ) -> str:
        """Register a matter. sees: also those who see it without its own words."""
        title, body = self.word(f"{name}题", *readers), self.word(f"{name}文", *readers)
        fields.setdefault("subject", self.subject)
        ref = by.registers(f"来文。{body}。", title=title, **fields)
        self.refs[name], self.sees[name] = ref, (*readers, *sees)
        return ref


def marked(town: Town) -> Marked:
    """Matters of two enterprises in every class and in most states, at two units and a third."""
    m = Marked(town)
    for subject, account, name in (
        (town.firm_subject, FIRM, "甲"),
        (town.other_subject, OTHER, "乙"),
    ):
        # units work on open matters of both; they meet the firms' names there
        subject.name = m.word(f"{name}企业全名", account, MARKET, TRANSPORT)
        subject.short_name = m.word(f"{name}企业简称", account, MARKET, TRANSPORT)
        subject.save()
    third = town.add_firm(m.word("丙企业全名"), "91430481MA0000003C")
    town.on("2023-10-24 09:00")
    m.add("丙登记", town.desk, subject=third.pk)
    at_third = m.add(
        "丙在别局", town.desk, subject=third.pk, unit="admin-approval", due_on="2023-11-20"
    )
    town.admin_approval.does("contact", at_third, kind="first", words=m.word("丙联系"))
    both = (
        ("甲", town.firm_subject, FIRM, MARKET),
        ("乙", town.other_subject, OTHER, TRANSPORT),
    )
    for own, subject, account, unit in both:
        firm = town.actor(account)
        lead = town.actor(unit)
        m.subject = subject.pk
        m.add(f"{own}登记", firm, account)
        ref = m.add(f"{own}交办", firm, account, unit)
        town.desk.does(
            "order-on-spot",
            ref,
            unit=unit,
            due_on="2023-11-20",
            text=m.word(f"{own}交办事项", account, unit),
        )
        ref = m.add(f"{own}列清单", firm, account, unit)
        town.desk.does("triage", ref, track="scheduled", grade="A", lead=unit)
        lead.does("contact", ref, kind="first", words=m.word(f"{own}首次联系", account, unit))
        line = {"unit": unit, "part": "lead", "due_on": "2023-11-10"}
        tasks = [{**line, "title": m.word(f"{own}任务{n}", account, unit)} for n in (1, 2)]
        lead.does("draw-lists", ref, approach=m.word(f"{own}思路", account, unit), tasks=tasks)
        lead.does("finish-task", ref, task=1, text=m.word(f"{own}任务完成", account, unit))
        lead.does("progress", ref, text=m.word(f"{own}进展", account, unit))
        for state in ("已报", "已核", "已销", "已说明"):
            ref = m.add(f"{own}{state}", firm, account, unit)
            town.desk.does("triage", ref, track="scheduled", grade="B", lead=unit)
            lead.does("acknowledge", ref)
            told = {**line, "title": m.word(f"{own}{state}任务", account, unit)}
            lead.does("draw-lists", ref, approach="照办", tasks=[told])
            lead.does(
                "report-result",
                ref,
                kind="explained" if state == "已说明" else "solved",
                basis="条例第三条",
                text=m.word(f"{own}{state}结果", account, unit),
                evidence=[m.word(f"{own}{state}证据", account, unit)],
                finish=[1],
            )
            if state == "已报":
                continue
            town.desk_2.does("verify", ref)
            if state == "已销":
                said = m.word(f"{own}评语", account, unit)
                firm.does("confirm", ref, solved=True, by="account", satisfied=4, words=said)
        for asks in ("争议", "延期", "挂账", "暂停"):
            ref = m.add(f"{own}{asks}", firm, account, unit)
            order = {"unit": unit, "due_on": "2023-11-10", "text": "照办"}
            town.desk.does("order-on-spot", ref, **order)
            reason = m.word(f"{own}{asks}理由", account, unit)
            if asks == "争议":
                lead.does("object", ref, reason=reason, unit="admin-approval")
                continue
            lead.does("acknowledge", ref)
            if asks == "延期":
                lead.does("request-extension", ref, due_on="2023-11-15", reason=reason)
            elif asks == "挂账":
                lifted = {"addressee": "衡阳市", "sent_on": "2023-10-24"}
                held = {"reason": reason, "next_on": "2023-11-20", **lifted}
                town.desk.does("hold", ref, kind="lifted", **held)
            else:
                town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-06")
        ref = m.add(f"{own}不予", firm, account)
        town.desk.does("decline", ref, code="court", reason=m.word(f"{own}不予理由", account))
        ref = m.add(f"{own}撤回", firm, account)
        firm.does("withdraw", ref, reason=m.word(f"{own}撤回理由", account))
        ref = m.add(f"{own}隐名", firm, account, sees=(unit,), **{"class": "name_hidden"})
        town.desk.does(
            "triage",
            ref,
            track="scheduled",
            grade="B",
            lead=unit,
            shown_title=m.word(f"{own}隐名示题", account, unit),
            shown_body=m.word(f"{own}隐名示文", account, unit),
        )
        sealed = {"class": "supervision_only", "about": unit}
        ref = m.add(f"{own}专送", firm, account, **sealed)
        town.supervision.does(
            "triage",
            ref,
            track="scheduled",
            grade="B",
            lead="admin-approval",
            say=m.word(f"{own}专送话", account),
        )
    town.on("2023-10-30 08:10")
    for own, subject, account, unit in both:
        m.subject = subject.pk
        given = {"unit": unit, "due_on": "2023-11-10"}
        m.add(f"{own}新交办", town.desk, account, unit, **given)
    m.subject = town.firm_id
    ref = m.add("甲待签", town.desk, FIRM, MARKET, unit=MARKET, due_on="2023-11-10")
    town.market_regulation.does("acknowledge", ref)
    unit = Unit.objects.filter(code=MARKET)
    unit.update(deputy_answers=True)  # what it reports now waits for its deputy's yes
    draft = m.word("甲待签结果", MARKET)
    told = {"text": draft, "evidence": ["照片"], "finish": [1]}
    town.market_regulation.does("report-result", ref, kind="solved", **told)
    unit.update(deputy_answers=False)
    town.on("2023-10-30 09:00")
    return m
