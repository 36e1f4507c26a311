"""Every door as every hat, compared with the table of who sees what. A fault is a sentence.

The doors, acts and operations come from the table itself, so what is new enters by itself. Where
an answer must not tell hidden from absent, the two are compared: status, body, number of queries.
Where a list must not tell it, the county is looked at once more without the matter.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from django.db import connection, transaction
from django.http import HttpResponse

from hats import ABSENT, County, Matter, Who
from qingdan.domain.ledger.models import Issue, Standing
from qingdan.domain.ledger.rules.rights import may
from qingdan.domain.visits.models import Finding
from qingdan.interfaces.site.access import HATS, Hat, Operation, Page, Sees

NAMED = ("an enterprise", "a contact", "a stop", "an outing", "a suggestion")
BY_KEY = {hat.key: hat for hat in HATS}
OLD = {"version": "0"}
"""A form that was read long ago: whoever may do the act hears that it is stale."""

CSRF = re.compile(r'(name="(?:csrfmiddlewaretoken|key)"[^>]*value=|X-CSRFToken": )"[^"]*"')
DONE = (200, 302, 303, 409, 422)
"""Past the door and the table of acts: done, or refused for its own reasons."""
LIVE = re.compile(r"/live/([^/\"]+/[^/\"]+)/[^\"]*")
"""A topic with the moment at which its address was signed."""
ASK_MORE = ("supervision", "main-leader", "lead", "other-unit", "park", "leader", "enterprise")
"""Whose lists are asked with every filter: of each kind of reader one who may not see it all."""
SHUT = (403, 405)
"""405: the door takes no such method, and tells nobody more than that."""


@dataclass(frozen=True)
class Table:
    """The table as it stood when it was read: what is then changed in the code is a fault."""

    pages: tuple[Page, ...]
    operations: tuple[Operation, ...]
    may: dict[tuple[str, frozenset[str]], bool]

    @classmethod
    def read(cls) -> "Table":
        from qingdan.interfaces.site import access

        pages, operations = tuple(access.pages()), tuple(access.operations())
        acts = {act for act in access.WHO}
        letters = {hat.letters_of(kind) for hat in HATS for kind in access.KINDS}
        return cls(pages, operations, {(a, held): may(a, held) for a in acts for held in letters})

    @property
    def acts(self) -> list[str]:
        return sorted({act for act, _letters in self.may})


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    asked: int

    @property
    def to_sign_in(self) -> bool:
        return self.status == 302 and "/accounts/login/" in self.body


@contextmanager
def undone() -> Iterator[None]:
    """What is done in here never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


OF_A_SIGN_IN = re.compile(r'session|"site_|SAVEPOINT')


class Counting:
    """Counts questions about the county: what a session asks for itself is no news of a matter."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not OF_A_SIGN_IN.search(sql):
            self.asked += 1
        return execute(sql, params, many, context)


class Walk:
    """Walks the doors of a county and keeps what it found wrong.

    hats, kinds: only these, or all; near: only addresses with this in them. Each answer is
    searched for what its reader must not know.
    """

    def __init__(
        self,
        county: County,
        table: Table,
        *,
        hats: Iterable[str] = (),
        kinds: Iterable[str] = (),
        near: str = "",
    ) -> None:
        self.near = near
        self.county = county
        self.table = table
        self.people = [w for w in county.people if not hats or w.hat in set(hats)]
        self.matters = [m for m in county.matters if not kinds or m.kind in set(kinds)]
        self.faults: list[str] = []
        self.by_door: dict[str, list[str]] = {}
        self.answers = 0
        self._turn = 0
        self._takes_not: set[tuple[str, str]] = set()
        self._absent: dict[tuple[str, str, str], Answer] = {}

    def note(self, who: Who, door: str, said: str) -> None:
        self.faults.append(f"{who.name} at {door}: {said}")
        alike = f"{re.sub(r'/2023/[0-9]+/', '/2023/…/', door)}: {said}"
        self.by_door.setdefault(alike, []).append(who.name)

    # -------------------------------------------------------------- asking

    def ask(self, who: Who, method: str, address: str, *, api: bool = False) -> Answer:
        """Answer of a page or an operation; what it did is undone."""
        client = who.token if api else who.pages
        assert client is not None
        counting = Counting()
        with undone() if method == "POST" else nullcontext(), connection.execute_wrapper(counting):
            if api:
                more = {"headers": {"if-match": '"0"'}} if method == "POST" else {}
                got = client.generic(method, address, "", content_type="application/json", **more)
            else:
                got = client.get(address) if method == "GET" else client.post(address, OLD)
        self.answers += 1
        if got.status_code >= 500:
            self.note(who, address, f"crashed with {got.status_code}")
        return Answer(got.status_code, text_of(got), counting.asked)

    def look(self, who: Who, address: str, *, api: bool = False) -> Answer:
        """A GET; its answer is searched."""
        answer = self.ask(who, "GET", address, api=api)
        self._search(who, address, answer.body)
        return answer

    def send(self, who: Who, address: str) -> Answer:
        """A form that was read long ago; what it did is undone."""
        answer = self.ask(who, "POST", address)
        self._search(who, address, answer.body)
        return answer

    def _search(self, who: Who, address: str, body: str) -> None:
        """Whether what only others may read stands in an answer."""
        for matter in self.county.matters:
            sees = sight(who, matter)
            if sees == Sees.ALL:
                continue
            secret = list(matter.words)
            if sees == Sees.NOTHING and not self._hears_of(who, matter, address):
                secret += matter.signs
            if not knows_firm(who, matter) and not self._logged(who, address):
                secret += matter.firm
            asked = unquote(address)
            secret = [s for s in secret if s not in asked]
            found = [s for s in secret if s in body]
            if found:
                self.note(who, address, f"reads {found} of a {matter.kind} matter")
            elif sees == Sees.SHOWN and knows_firm(who, matter):
                both = (
                    [s for s in matter.firm if s in body],
                    [s for s in matter.signs if s in body],
                )
                if all(both):
                    self.note(who, address, f"learns by {both} whose the {matter.kind} matter is")

    def _hears_of(self, who: Who, matter: Matter, address: str) -> bool:
        """The auditor reads in the journal the number of what is handled openly, and no more."""
        openly = matter.kind == "normal"
        return who.hat == "auditor" and address.startswith("/administration/") and openly

    def _logged(self, who: Who, address: str) -> bool:
        """The auditor's access log names the firms whose links and numbers were used."""
        return who.hat == "auditor" and address.startswith("/administration/")

    # -------------------------------------------------------------- doors

    def doors(self) -> None:
        """Every page, without a matter and of each."""
        for who in self.people:
            for page in self.table.pages:
                if self.near not in page.address or (not who.is_first and page.of != "a matter"):
                    continue
                if page.of == "a matter":
                    for matter in self._some(who, page):
                        self._page_of(who, page, matter)
                elif page.of in NAMED:
                    self._named(who, page)
                else:
                    self._plain_page(who, page)

    def _plain_page(self, who: Who, page: Page) -> None:
        address = page.address.replace("<slug:kind>", "problems").replace("<str:token>", "nothing")
        admits = page.admits(BY_KEY[who.hat])
        for method, answer in self._both(who, page, address):
            if page.of == "a link":
                good = answer.status in (404, 405)
            elif admits:
                good = answer.status not in (401, 403)
                good &= not answer.to_sign_in or who.person is None
                if answer.status == 404:  # no such post, no such sign-in, no factor asked for
                    good = page.name == "shared:hat" or page.address.startswith("/accounts/")
                if answer.status == 403:
                    good = page.of == "a unit's deputies"
            elif who.person is None and who.hat == "nobody":
                good = answer.to_sign_in or answer.status == 405
            else:
                good = answer.status in SHUT
            if not good:
                self.note(who, f"{method} {address}", f"answers {answer.status}")

    def _some(self, who: Who, page: Page) -> list[Matter]:
        """The matters to try a page with; who does not pass its door comes with one, in turn.

        On the matter's own page each is tried; on the forms of acts two in turn, one of them seen:
        whose an act is in each class, the operations are asked (`operations`).
        """
        mine = [m for m in self.matters if hat_of(who, m) is not None]
        if not page.admits(BY_KEY[who.hat]) or not who.is_first:
            return self._in_turn(mine)
        if page.name.endswith(":issue"):
            return mine
        unseen = [m for m in mine if sight(who, m) == Sees.NOTHING]
        seen = [m for m in mine if m not in unseen]
        return self._in_turn(seen) + self._in_turn(unseen or seen)

    def _some_of(self, who: Who, act: str) -> list[Matter]:
        """The matters to ask an operation for: what one sees, and one other in turn.

        It is one look into the same place that finds a matter or does not, whatever the act. Who
        shares a hat with somebody before comes with one matter in turn.
        """
        mine = [m for m in self.matters if hat_of(who, m) is not None]
        if not act:
            return mine
        if not who.is_first:
            return self._in_turn(mine)
        unseen = [m for m in mine if sight(who, m) == Sees.NOTHING]
        return [m for m in mine if m not in unseen] + self._in_turn(unseen)

    def _in_turn(self, matters: list[Matter]) -> list[Matter]:
        self._turn += 1
        return [matters[self._turn % len(matters)]] if matters else []

    def _page_of(self, who: Who, page: Page, matter: Matter) -> None:
        hat = BY_KEY[who.hat]
        acts = [page.act]
        if "<slug:act>" in page.address:
            passes = page.admits(hat) and sight(who, matter) != Sees.NOTHING
            acts = self.table.acts if passes else ["nudge"]  # read after the matter is found
            acts = acts[:: 1 if who.is_first else 7]
        for act in acts:
            self._page_and_act(who, hat, page, matter, act)

    def _page_and_act(self, who: Who, hat: Hat, page: Page, matter: Matter, act: str) -> None:
        address = _of_matter(page, matter.number, act)
        for method, answer in self._both(who, page, address):
            self._judge(who, hat, page, matter, act, method, address, answer)

    def _both(self, who: Who, page: Page, address: str) -> Iterator[tuple[str, Answer]]:
        """The answers to a GET and a POST, but for what the door takes from nobody."""
        for method, asking in (("GET", self.look), ("POST", self.send)):
            if (page.name, method) not in self._takes_not:
                answer = asking(who, address)
                if answer.status == 405:
                    self._takes_not.add((page.name, method))
                yield method, answer

    def _judge(
        self,
        who: Who,
        hat: Hat,
        page: Page,
        matter: Matter,
        act: str,
        method: str,
        address: str,
        answer: Answer,
    ) -> None:
        status = answer.status
        if hat.role is None:
            good = answer.to_sign_in or status == 405
        elif not page.admits(hat):
            good = status in SHUT
        elif status == 405:
            good = True
        elif sight(who, matter) == Sees.NOTHING:
            good = status == 404 and self._like_absent(who, page, act, method, matter, answer)
        elif not act:
            good = status == 200 if page.name.endswith(":issue") else status in (*DONE, 403)
        elif status == 404:
            good = "<slug:act>" in page.address  # an act with a page of its own
        elif act == "contact":
            good = status in (*DONE, 403)  # whose it is depends on which contact is owed
        elif self.table.may[act, hat.letters_of(matter.kind)]:
            good = status in DONE
        else:
            good = status == 403
        if not good:
            self.note(who, f"{method} {address} ({matter.kind})", f"answers {status}")

    def _like_absent(
        self, who: Who, page: Page, act: str, method: str, matter: Matter, answer: Answer
    ) -> bool:
        key = (who.name, page.address + act, method)
        if key not in self._absent:
            address = _of_matter(page, ABSENT, act)
            absent = self.ask(who, method, address)
            self._absent[key] = _without_number(absent, ABSENT)
        return self._alike(
            who, page.address + act, self._absent[key], _without_number(answer, matter.number)
        )

    def _alike(self, who: Who, door: str, absent: Answer, hidden: Answer) -> bool:
        if absent != hidden:
            said = "another body" if absent.body != hidden.body else "other queries or status"
            self.note(who, door, f"hidden is not like absent: {said}")
        return True

    def _named(self, who: Who, page: Page) -> None:
        """What an address names: one that some read, one that fewer read, and one that is not."""
        county, hat = self.county, BY_KEY[who.hat]
        linked, strange = county.linked, county.strange
        reads_firms = {"there", "strange"} if hat.firms == "all" else set()
        if who.hat in ("leader", "assistant", "park"):
            reads_firms = {"there"}
        goes = hat.outings == "all" or who.hat in ("leader", "assistant")
        hears = who.hat in ("desk", "supervision", "supervision-2") or who.own == "normal"
        placeholder, ids, finds = {
            "an enterprise": (
                "<int:subject_id>",
                {"there": linked.pk, "strange": strange.pk},
                reads_firms,
            ),
            "a contact": (
                "<int:contact_id>",
                {"there": linked.contacts.get().pk, "strange": strange.contacts.get().pk},
                reads_firms,
            ),
            "a stop": ("<int:stop_id>", {"there": county.stop.pk}, {"there"} if goes else set()),
            "an outing": (
                "<int:outing_id>",
                {"there": county.stop.outing_id},
                {"there"} if goes else set(),
            ),
            "a suggestion": (
                "<int:number>",
                {"there": county.suggestion.number},
                {"there"} if hears else set(),
            ),
        }[page.of]
        if "<int:link_id>" in page.address:
            finds = set()  # there is no such link
        tail = {"<int:year>": "2023", "<slug:act>": "understood", "<int:link_id>": "999999"}
        addresses = {}
        for name, number in (*ids.items(), ("absent", 999999)):
            address = page.address.replace(placeholder, str(number))
            for part, value in tail.items():
                address = address.replace(part, value)
            addresses[name] = address
        self._named_pages(who, page, addresses, finds)

    def _named_pages(
        self, who: Who, page: Page, addresses: dict[str, str], finds: set[str]
    ) -> None:
        """Pages of what is in sight, of what is not, and of what there is not."""
        hat = BY_KEY[who.hat]
        said: dict[str, list[Answer]] = {}
        for name, address in addresses.items():
            for method, answer in self._both(who, page, address):
                if answer.status == 405:
                    good = True
                elif hat.role is None:
                    good = answer.to_sign_in
                elif not page.admits(hat):
                    good = answer.status == 403
                elif name in finds:
                    good = answer.status in DONE
                    good = good or (
                        answer.status == 403 and page.of == "a suggestion"
                    )  # one's own
                else:
                    good = answer.status == 404
                    body = answer.body.replace(address.strip("/"), "#")
                    body = body.replace(quote(address, safe=""), "#")
                    alike = Answer(404, body, answer.asked)
                    said.setdefault(method, []).append(alike)
                if not good:
                    self.note(who, f"{method} {address}", f"answers {answer.status}")
        for answers in said.values():
            for one in () if "<int:link_id>" in page.address else answers[:-1]:
                self._alike(who, page.address, answers[-1], one)

    # -------------------------------------------------------------- operations

    def operations(self) -> None:
        """Every operation of the API, each act of it included."""
        for who in self.people:
            if who.token is None:
                continue
            for one in self.table.operations:
                if self.near not in one.path:
                    continue
                if one.of == "a matter":
                    for matter in self._some_of(who, one.act):
                        self._operation_of(who, one, matter)
                else:
                    self._plain_operation(who, one)

    def _plain_operation(self, who: Who, one: Operation) -> None:
        answer = self.ask(who, one.method, one.path, api=True)
        self._search(who, one.path, answer.body)
        if who.hat == "nobody":
            good = answer.status == 401
        elif not one.admits(BY_KEY[who.hat]):
            good = answer.status == 403
        else:
            good = answer.status in (200, 422)
        if not good:
            self.note(who, f"{one.method} {one.path}", f"answers {answer.status}")

    def _operation_of(self, who: Who, one: Operation, matter: Matter) -> None:
        hat = hat_of(who, matter)
        if hat is None:
            return
        address = one.path.replace("{ref}", quote(matter.ref))
        answer = self.ask(who, one.method, address, api=True)
        self._search(who, address, answer.body)
        status = answer.status
        if hat.role is None:
            good = status == 401
        elif sight(who, matter) == Sees.NOTHING:
            good = status == 404
            key = (who.name, one.path, one.method)
            if key not in self._absent:
                ref = quote(matter.ref.replace(f"{matter.number}号", f"{ABSENT}号"))
                absent = one.path.replace("{ref}", ref)
                self._absent[key] = self.ask(who, one.method, absent, api=True)
            self._alike(who, one.path, self._absent[key], answer)
        elif not one.act:
            good = status == 200
        elif self.table.may[one.act, hat.letters_of(matter.kind)]:
            good = status == 409
        else:
            good = status == 403
        if not good:
            self.note(who, f"{one.method} {address} ({matter.kind})", f"answers {status}")

    # -------------------------------------------------------------- lists

    def lists(self) -> None:
        """Every list, count, filter and sum, with what its reader may not know and without it."""
        for who in self.people:
            if who.hat == "nobody" or not who.is_first:
                continue
            hidden = [m.issue.pk for m in self.county.matters if sight(who, m) == Sees.NOTHING]
            hidden += self._noted_hidden_from(who)
            if who.hat == "auditor":  # hears of what is handled openly, in the journal
                hidden = [m.issue.pk for m in self.county.matters if m.kind != "normal"]
            self._compare(who, [a for a in self._lists_of(who) if self.near in a[0]], hidden)

    def _noted_hidden_from(self, who: Who) -> list[int]:
        """What became name-hidden; who noted it knows that much, and the unit its shown words."""
        know = ("desk", "supervision", "supervision-2", "lead", "leader", "assistant")
        return [] if who.hat in know else [self.county.noted.pk]

    def _compare(self, who: Who, asked: list[tuple[str, bool]], gone: list[int]) -> None:
        """With what is hidden, then without it, and with another firm behind the shown words."""
        self.ask(who, "GET", "/desk/")  # what a sign-in asks once is no news
        there = [(a, api, self.look(who, a, api=api)) for a, api in asked]
        shown = [m.issue.pk for m in self.county.matters if sight(who, m) == Sees.SHOWN]
        other = {"subject": self.county.strange, "park": None, "leader": None}
        with undone():
            Finding.objects.filter(issue__in=gone).delete()
            Issue.objects.filter(pk__in=gone).delete()
            Issue.objects.filter(pk__in=shown).update(**other)
            Standing.objects.filter(issue__in=shown).update(**other)
            for address, api, answer in there:
                without = self.look(who, address, api=api)
                if answer != without:
                    said = "says something else" if answer.body != without.body else "asks more"
                    self.note(who, address, f"{said} because of what is hidden")

    def opens(self, who: Who) -> None:
        """Each matter on a list opens, and each number of the board opens as many rows."""
        opened: dict[str, int] = {}
        for address, api in self._lists_of(who):
            if api or "?" in address:
                continue
            body = self.look(who, address).body
            for link in set(re.findall(r'href="(/(?:desk|portal)/[0-9]+/[0-9]+/)"', body)):
                if link not in opened:
                    opened[link] = self.ask(who, "GET", link).status
                assert opened[link] == 200, (who.name, address, link)
            if address == "/board/":
                counted = re.findall(r'href="(/board/rows/[^"]*)"[^>]*>[^<0-9]*([0-9]+)', body)
                assert counted
                for rows, number in set(counted):
                    shown = self.look(who, rows.replace("&amp;", "&")).body
                    assert shown.count("<tr data-href") == int(number), (who.name, rows)

    def _lists_of(self, who: Who) -> Iterator[tuple[str, bool]]:
        hat = BY_KEY[who.hat]
        for page in self.table.pages:
            if (
                page.of
                or page.address.startswith("/accounts/")
                or not page.admits(hat)
                or page.address in ("/hat/", "/look/", "/")
            ):
                continue
            for kind in ("problems", "tasks", "responsibilities"):
                if "<slug:kind>" not in page.address and kind != "problems":
                    continue
                address = page.address.replace("<slug:kind>", kind)
                yield address, False
                for query in self._queries(address) if who.hat in ASK_MORE else ():
                    yield f"{address}?{query}", False
        for one in self.table.pages:
            if not one.admits(hat):
                continue
            if one.of == "an enterprise" and one.address.endswith("<int:subject_id>/"):
                for firm in (self.county.firms["name_hidden"], self.county.strange):
                    yield one.address.replace("<int:subject_id>", str(firm.pk)), False
            if one.of == "a stop":
                yield one.address.replace("<int:stop_id>", str(self.county.stop.pk)), False
        if who.token is None:
            return
        for one in self.table.operations:
            if one.method == "GET" and not one.of and one.name != "me":
                yield one.path, True
                for query in self._api_queries(one.path) if who.hat in ASK_MORE else ():
                    yield f"{one.path}?{query}", True

    def _queries(self, address: str) -> Iterator[str]:
        """The filters of a page's address, with values that would tell something."""
        firms = self.county.firms
        hidden = firms["name_hidden"]
        if address == "/desk/":
            yield from ("queue=work", "queue=verify", "park=park", "unit=market-regulation")
            yield from (f"firm={hidden.pk}", "light=green", "turn=unit", "track=scheduled")
            yield from (f"open=2023-{m.number}" for m in self.matters[1:3])
        if address.startswith("/board/lists/"):
            yield from (f"enterprise={hidden.pk}", "park=park", "leader=leader")
            yield "unit=market-regulation"
            yield "on=2023-10-31"
            yield f"on=2023-10-31&enterprise={hidden.pk}"
        if address == "/board/rows/":
            yield from ("light=green", "lead=market-regulation", "park=park", "solved=week")
            yield f"enterprise={hidden.pk}"
        if address == "/board/enterprises/":
            yield f"q={quote(hidden.short_name)}"
        if address == "/board/hang/":
            yield f"enterprise={hidden.pk}"
            yield from ("park=park&officials=1", "leader=leader&officials=1")
            yield from (f"officials=1&issue={quote(m.ref)}" for m in self.matters[1:3])
        if address.startswith("/desk/register/"):
            yield f"firm={quote(hidden.name)}"
            yield f"firm={hidden.pk}"

    def _api_queries(self, path: str) -> Iterator[str]:
        codes = [firm.uscc for firm in self.county.firms.values()]
        for code in (*codes[1:3], self.county.quiet.uscc):
            yield f"enterprise={code}"
        yield "unit=market-regulation"
        yield "limit=1"
        if "/lists/" in path:
            yield from ("leader=leader", "park=park", "on=2023-10-31")
            yield f"on=2023-10-31&enterprise={codes[1]}"
        else:
            yield from ("state=open", "light=green")


def hat_of(who: Who, matter: Matter) -> Hat | None:
    """The hat before this matter; None of an enterprise whose own it is not."""
    if who.own and who.own != matter.kind:
        return None
    return BY_KEY[who.hat]


def sight(who: Who, matter: Matter) -> Sees:
    hat = hat_of(who, matter)
    if hat is None:
        return Sees.NOTHING
    sees = hat.sees_of(matter.kind)
    if sees == Sees.REPORTED:
        return Sees.ALL if matter.reported else Sees.NOTHING
    return sees


def knows_firm(who: Who, matter: Matter) -> bool:
    """Whether the register shows the enterprise to this reader, whatever it has raised."""
    hat = BY_KEY[who.hat]
    if who.own:
        return who.own == matter.kind
    return hat.firms == "all" or who.hat in ("leader", "assistant", "park")


def _of_matter(page: Page, number: int, act: str) -> str:
    address = page.address.replace("<int:year>", "2023").replace("<int:number>", str(number))
    return address.replace("<slug:act>", act)


def text_of(answer: HttpResponse) -> str:
    """What somebody can read of an answer, without what is drawn anew each time."""
    head = answer.headers.get("Location", "")
    return head + LIVE.sub(r"\1", CSRF.sub("", answer.content.decode("utf-8", "replace")))


def _without_number(answer: Answer, number: int) -> Answer:
    body = answer.body
    for form in (f"2023/{number}/", f"2023%2F{number}%2F"):
        body = body.replace(form, "#")
    return Answer(answer.status, body, answer.asked)


def live_topics(who: Who) -> set[str]:
    """The topics that the lists of this person watch."""
    found: set[str] = set()
    for page in ("/desk/", "/board/", "/portal/"):
        body = who.pages.get(page).content.decode()
        found |= set(re.findall(r'data-live="/live/[^/"]+/([^/"]+)/', body))
    return {unquote(one) for one in found}
