"""A correct connector that shares no engine with the reference: one pass over everything each time.

It keeps its state in one JSON file, reads both systems in full at every sync, compares them with
what was agreed last, and reads again whatever it is about to change. There are no cursors, no
marks of what was seen and no queue. It takes plain properties, references and lists by position.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tallystick_reference.casts import Casts
from tallystick_reference.values import NoValue, digest, empty, get, put, same

Json = Any
OTHER = {"source": "target", "target": "source"}
CASTS = Casts()
UNKNOWN = NoValue.UNKNOWN


class GaveUp(Exception):
    """Not now."""


class Again(Exception):
    """Decide again."""


class Refused(Exception):
    """Never like this."""


class Http:
    """One system's HTTP: patient, within bounds."""

    def __init__(
        self, url: str, token: str, now: Callable[[], float], sleep: Callable[[float], None]
    ):
        self.url, self.now, self.sleep = url, now, sleep
        self.free_at, self.locked, self.failures = 0.0, False, 0
        self.http = httpx.Client(
            headers={"Authorization": f"Bearer {token}"},
            timeout=4.0,
            trust_env=False,
            verify=url.startswith("https:"),
        )

    def ask(self, method: str, url: str, *, safe: bool = False, **more: Any) -> tuple[int, Json]:
        """Send until there is an answer; what is not safe to repeat raises Again instead."""
        for attempt in range(6):
            if self.locked or self.failures > 50:
                raise GaveUp("no more of this system")
            if self.free_at > self.now():
                self.sleep(self.free_at - self.now())
            try:
                answer = self.http.request(method, url, **more)
                status = answer.status_code
                if status < 500 and status != 429:
                    self.locked = status == 401
                    return status, json.loads(answer.content) if answer.content else None
                wait = float(answer.headers.get("retry-after", 0))
            except (httpx.TransportError, ValueError):
                wait = 0.0
            self.failures += 1
            self.free_at = max(self.free_at, self.now() + max(wait, 0.1 * 2**attempt) + 0.01)
            if method != "GET" and not safe:
                raise Again
        raise GaveUp("a request keeps failing")


class System:
    """Either dialect, by key."""

    def __init__(self, http: Http, api: str, paths: Mapping[str, str]):
        self.http, self.shop, self.paths = http, api == "storefront/1", paths

    def at(self, type_: str, key: Json = None) -> str:
        """Give a URL."""
        tail = "" if key is None else "/" + quote(str(key), safe="")
        return f"{self.http.url}/{self.paths[type_]}{tail}"

    def items(self, type_: str, **params: str) -> list[Json]:
        """List; pages of a shop are read from the last to the first, for records move that way."""
        if self.shop:
            first = self.read(self.at(type_), params={**params, "per_page": "100"})
            numbers = range(first["pages"], 0, -1) if first["pages"] > 1 else ()
            pages = [first["items"]]
            for number in numbers:
                more = {**params, "per_page": "100", "page": str(number)}
                pages.append(self.read(self.at(type_), params=more)["items"])
            return [item for page in pages for item in page]
        body = self.read(self.at(type_), params={**params, "top": "100"})
        found = list(body["value"])
        while link := body.get("nextLink"):
            body = self.read(link)
            found += body["value"]
        return found

    def read(self, url: str, **more: Any) -> Json:
        """Give a good answer's body."""
        status, body = self.http.ask("GET", url, **more)
        if status != 200:
            raise GaveUp(f"a reading was answered {status}")
        return body

    def get(self, type_: str, key: Json) -> Json:
        """Give an envelope, {} if it is gone, None if it never was."""
        status, body = self.http.ask("GET", self.at(type_, key))
        if status in (200, 404, 410):
            return {200: body, 404: None, 410: {}}[status]
        raise GaveUp(f"a reading was answered {status}")

    def create(self, type_: str, data: Json, token: str) -> Json:
        """Create under a token; gives the envelope, {} if it is gone by now."""
        body: Json = {"data": data} if self.shop else {"data": data, "external_reference": token}
        headers = {"Idempotency-Key": token} if self.shop else {}
        ask = self.http.ask
        status, made = ask("POST", self.at(type_), safe=True, json=body, headers=headers)
        if status == 409 and "existing_id" in made:
            found = self.get(type_, made["existing_id"])
            return {"id": made["existing_id"], **(found or {})}
        return self.good(status, made)

    def change(self, type_: str, old: Json, data: Json) -> None:
        """Make a record hold `data`."""
        url, body = self.at(type_, old["id"]), {"data": data}
        if self.shop:
            self.good(*self.http.ask("PATCH", url, json={"data": patch(old["data"], data)}))
        else:
            self.good(*self.http.ask("PUT", url, json=body, headers={"If-Match": old["etag"]}))

    def delete(self, type_: str, old: Json) -> None:
        """Delete a record as it was read."""
        headers = {} if self.shop else {"If-Match": old["etag"]}
        self.good(*self.http.ask("DELETE", self.at(type_, old["id"]), headers=headers))

    @staticmethod
    def good(status: int, body: Json) -> Json:
        """Tell what an answer to a write means."""
        if status in (404, 410, 412):
            raise Again
        if status >= 300:
            raise Refused
        return body


def patch(old: Json, new: Json) -> Json:
    """Give a merge patch."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    gone = {name: None for name in old if name not in new}
    changed = {
        n: patch(old.get(n), v) for n, v in new.items() if n not in old or not same(old[n], v)
    }
    return gone | changed


class Unit:
    """A property, or a whole list by position, on both sides."""

    def __init__(self, specs: list[Json], schema: Json):
        self.specs = specs
        heads = [spec.partition("[]") for spec in (specs[0]["source"], specs[0]["target"])]
        self.listed = all(mark for _, mark, _ in heads)
        self.head = {"source": heads[0][0].split("."), "target": heads[1][0].split(".")}
        self.tails = {
            side: [[p for p in s[side].partition("[]")[2].split(".") if p] for s in specs]
            for side in OTHER
        }
        self.name = f"{heads[0][0]}|{heads[1][0]}"
        self.schemas = [_schema(schema, spec["source"]) for spec in specs]

    def value(self, side: str, data: Json) -> Json:
        """Read it: for a list the cells, row by row."""
        found = get(data, self.head[side])
        if not self.listed or not isinstance(found, list):
            return None if self.listed else found
        return [[get(item, tail) for tail in self.tails[side]] for item in found]

    def store(self, side: str, data: Json, value: Json) -> None:
        """Write it; what no column speaks of stays."""
        if self.listed and value is not None:
            there = get(data, self.head[side])
            items = [*(there if isinstance(there, list) else []), *({} for _ in value)]
            for item, cells in zip(items, value, strict=False):
                for tail, cell in zip(self.tails[side], cells, strict=True):
                    if not isinstance(cell, NoValue):
                        put(item, tail, cell)
            value = items[: len(value)]
        put(data, self.head[side], value)


def _schema(schema: Json, path: str) -> Json:
    for step in path.split("."):
        schema = schema.get("properties", {}).get(step.removesuffix("[]"), {})
        schema = schema.get("items", {}) if step.endswith("[]") else schema
    return schema


class Connector:
    """Everything, each time."""

    def __init__(self, env: Mapping[str, str], now: Any, sleep: Any):
        self.flow = json.loads(Path(env["TALLYSTICK_DATAFLOW"]).read_text())
        self.file = Path(env["TALLYSTICK_STATE"]) / "state.json"
        known = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.links: list[Json] = known.get("links", [])
        self.intents: dict[str, Json] = known.get("intents", {})
        self.parked: dict[str, str] = known.get("parked", {})
        self.systems = {}
        for side in OTHER:
            url, token = (env[f"TALLYSTICK_{side.upper()}_{what}"] for what in ("URL", "TOKEN"))
            paths = {name: kind["path"] for name, kind in self.flow["types"][side].items()}
            http = Http(url, token, now, sleep)
            self.systems[side] = System(http, self.flow[side]["api"], paths)
        self.pairs = self.flow["pairs"]
        self.units = [list(self._units(pair)) for pair in self.pairs]
        self.policies = self.flow["policies"]

    def _units(self, pair: Json) -> Iterator[Unit]:
        schema = self.flow["types"]["source"][pair["source"]].get("schema") or {}
        groups: dict[str, list[Json]] = {}
        for spec in pair.get("properties", []):
            lists = [spec[side].partition("[]")[:2] for side in OTHER]
            name = str(lists if all(mark for _, mark in lists) else [spec[s] for s in OTHER])
            groups.setdefault(name, []).append(spec)
        yield from (Unit(specs, schema) for specs in groups.values())

    def close(self) -> None:
        """Let go."""
        for system in self.systems.values():
            system.http.http.close()

    def save(self) -> None:
        """Write the state down, all or nothing."""
        state = {"links": self.links, "intents": self.intents, "parked": self.parked}
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(state))
        draft.replace(self.file)

    # the pass

    def sync(self) -> None:
        """Go over everything; what has to wait is said at the end."""
        for system in self.systems.values():
            system.http.failures = 0
        self.waiting = 0
        for key, intent in list(self.intents.items()):
            self.attempt(self.send, key, intent)
        shown = {
            (side, type_): {item["id"]: item for item in self.systems[side].items(type_)}
            for side in OTHER
            for type_ in dict.fromkeys(pair[side] for pair in self.pairs)
        }
        for number in self.order():
            pair = self.pairs[number]
            for key in sorted(shown["source", pair["source"]]):
                if not self.find(number, "source", key) and f"{number} {key}" not in self.intents:
                    self.attempt(self.welcome, number, key)
        for link in self.links:
            if link["state"] == "live" and self.is_stirred(link, shown):
                self.attempt(self.align, link)
        if self.waiting:
            raise GaveUp(f"{self.waiting} records have to wait")

    def attempt(self, what: Any, *args: Json) -> None:
        """Do one thing; trouble with it holds up nothing else."""
        for _ in range(5):
            try:
                what(*args)
            except Again:
                continue
            except GaveUp:
                break
            else:
                return
        self.waiting += 1

    def order(self) -> list[int]:
        """Give the pairs so that what is referred to comes first."""
        done: list[int] = []
        while len(done) < len(self.pairs):
            left = [n for n in range(len(self.pairs)) if n not in done]
            names = {self.pairs[n]["source"] for n in left}
            free = [n for n in left if not self.needs(n) & names - {self.pairs[n]["source"]}]
            done += free or left[:1]
        return done

    def needs(self, number: int) -> set[str]:
        """Give the types that a pair's records refer to."""
        specs = self.pairs[number].get("properties", [])
        return {spec["reference"]["source"] for spec in specs if "reference" in spec}

    def find(self, number: int, side: str, key: Json) -> Json:
        """Give a record's link in a pair, ended or not."""
        return next((k for k in self.links if k["pair"] == number and k[side] == key), None)

    def is_stirred(self, link: Json, shown: Json) -> bool:
        """Tell whether anything shown is not as it was agreed."""
        pair = self.pairs[link["pair"]]
        for at, side in enumerate(OTHER):
            item = shown[side, pair[side]].get(link[side])
            if item is None:
                return True
            for unit in self.units[link["pair"]]:
                agreed = link["base"].get(unit.name)
                if agreed is None or "waits" in agreed:
                    return True
                if not same(unit.value(side, item["data"]), agreed[at]):
                    return True
        return bool(link["sent"])

    # a record without counterpart

    def welcome(self, number: int, key: Json) -> None:
        """Match a record of the source, or create its counterpart."""
        pair = self.pairs[number]
        if link := self.find(number, "source", key):
            self.align(link)
            return
        record = self.systems["source"].get(pair["source"], key)
        if not record:
            return
        for found in self.matches(number, record):
            rivals = self.rivals(number, found)
            if rivals and rivals[0] < key:
                continue
            if not any(k["target"] == found["id"] and k["pair"] == number for k in self.links):
                self.join(number, key, found["id"], {})
                self.align(self.links[-1])
                return
        for unit in self.units[number]:
            self.welcome_referred(unit, unit.value("source", record["data"]))
        if pair["create"]["when"] in ("always", "no-match"):
            data: Json = {}
            base = {}
            for unit in self.units[number]:
                value = unit.value("source", record["data"])
                image = self.image(unit, value)
                if image is not UNKNOWN and image is not None:
                    unit.store("target", data, image)
                agreed = [value, unit.value("target", data)]
                base[unit.name] = [*agreed, "waits"] if unsure(image) else agreed
            intent = {"pair": number, "key": key, "data": data, "base": base, "mark": digest(data)}
            if self.parked.get(f"create {number} {key}") != intent["mark"]:
                self.intents[f"{number} {key}"] = intent
                self.save()
                self.send(f"{number} {key}", intent)

    def welcome_referred(self, unit: Unit, value: Json) -> None:
        """Have what a property refers to come first, whether a listing showed it or not."""
        for column, spec in enumerate(unit.specs):
            keys = [cells[column] for cells in value or []] if unit.listed else [value]
            for number in range(len(self.pairs)) if "reference" in spec else ():
                if self.pairs[number]["source"] == spec["reference"]["source"]:
                    for key in keys:
                        busy = f"{number} {key}" in self.intents
                        if (
                            isinstance(key, str)
                            and not busy
                            and not self.find(number, "source", key)
                        ):
                            self.welcome(number, key)

    def matches(self, number: int, record: Json) -> list[Json]:
        """Give the target records that the merge table matches, lowest key first."""
        found = {}
        for [term] in self.pairs[number].get("merge", []):
            unit = self.unit_of(number, term)
            wanted = self.image(unit, unit.value("source", record["data"]))
            if isinstance(wanted, str) and wanted:
                params = {"where": term["target"], "equals": wanted}
                type_ = self.pairs[number]["target"]
                found |= {r["id"]: r for r in self.systems["target"].items(type_, **params)}
        return [found[key] for key in sorted(found)]

    def rivals(self, number: int, target: Json) -> list[Json]:
        """Give the keys of the unlinked sources that match a target record."""
        found = set()
        for [term] in self.pairs[number].get("merge", []):
            wanted = self.unit_of(number, term).value("target", target["data"])
            params = {"where": term["source"], "equals": str(wanted)}
            for item in self.systems["source"].items(self.pairs[number]["source"], **params):
                if not self.find(number, "source", item["id"]):
                    found.add(item["id"])
        return sorted(found)

    def unit_of(self, number: int, term: Json) -> Unit:
        """Give the unit that a merge term speaks of."""
        return next(u for u in self.units[number] if u.name == f"{term['source']}|{term['target']}")

    def send(self, place: str, intent: Json) -> None:
        """Send a create, the first time or again."""
        number, key = intent["pair"], intent["key"]
        type_ = self.pairs[number]["target"]
        token = f"one-file-{number}-{key}"
        try:
            made = self.systems["target"].create(type_, intent["data"], token)
        except Refused:
            self.parked[f"create {number} {key}"] = intent["mark"]
            del self.intents[place]
            self.save()
            return
        self.join(number, key, made["id"], intent["base"])

    def join(self, number: int, source: Json, target: Json, base: Json) -> None:
        """Note a link."""
        link = {"pair": number, "source": source, "target": target, "state": "live"}
        self.links.append({**link, "base": base, "sent": {}})
        self.intents.pop(f"{number} {source}", None)
        self.save()

    # values over and back

    def image(self, unit: Unit, value: Json) -> Json:
        """Say what a source value is on the target."""
        if not unit.listed:
            return self.over(unit.specs[0], value)
        return value and [
            [self.over(s, cell) for s, cell in zip(unit.specs, cells, strict=True)]
            for cells in value
        ]

    def over(self, spec: Json, value: Json) -> Json:
        """Take one value over."""
        if "reference" in spec:
            return None if empty(value) else self.mate(spec["reference"], "source", value)
        return CASTS.image(spec.get("type"), value)

    def preimage(self, unit: Unit, value: Json, old: Json) -> Json:
        """Say which source value a target value stands for."""
        if not unit.listed:
            return self.back(unit.specs[0], value, old, unit.schemas[0])
        rows = [*(old or []), *([None] * len(unit.specs) for _ in value or [])]
        return value and [
            list(map(self.back, unit.specs, cells, olds, unit.schemas))
            for cells, olds in zip(value, rows, strict=False)
        ]

    def back(self, spec: Json, value: Json, old: Json, schema: Json) -> Json:
        """Take one value back; leave a cell alone that says so already."""
        if "reference" in spec:
            return None if empty(value) else self.mate(spec["reference"], "target", value)
        return CASTS.back(spec.get("type"), value, old, schema)

    def mate(self, reference: Json, side: str, key: Json) -> Json:
        """Translate a key."""
        for number, pair in enumerate(self.pairs):
            if pair["source"] == reference["source"] and pair["target"] == reference["target"]:
                link = self.find(number, side, key)
                if link:
                    return link[OTHER[side]]
        return UNKNOWN

    # two linked records

    def align(self, link: Json) -> None:
        """Read both records, and make them agree."""
        pair = self.pairs[link["pair"]]
        old = {side: self.systems[side].get(pair[side], link[side]) for side in OTHER}
        if None in old.values():
            raise GaveUp("a linked record is not to be found")
        if not all(old.values()):
            self.end(link, pair, old)
            return
        new = {side: json.loads(json.dumps(record["data"])) for side, record in old.items()}
        before = {unit.name: self.base_of(link, unit, new) for unit in self.units[link["pair"]]}
        base = {u.name: self.agree(u, before[u.name], new, old) for u in self.units[link["pair"]]}
        link["sent"] = {
            unit.name: [base[unit.name], written]
            for unit in self.units[link["pair"]]
            if (written := [self.differs(unit, side, old, new) for side in OTHER]) != [False, False]
        }
        self.save()
        kept = dict(base)
        for side in ("target", "source"):
            if same(new[side], old[side]["data"]) or not self.write(link, side, old, new[side]):
                continue
            for unit in self.units[link["pair"]]:  # the other side's writes are not taken back
                if self.differs(unit, side, old, new):
                    kept[unit.name] = before[unit.name]
        link["base"], link["sent"] = {n: v for n, v in kept.items() if v}, {}
        self.save()

    def base_of(self, link: Json, unit: Unit, data: Json) -> Json:
        """Give what was agreed: what was sent, if that has evidently arrived."""
        agreed = link["base"].get(unit.name)
        sent, written = link["sent"].get(unit.name, (None, ()))
        for at, side in enumerate(OTHER):
            if sent and written[at] and same(unit.value(side, data[side]), sent[at]):
                return sent
        return agreed

    @staticmethod
    def differs(unit: Unit, side: str, old: Json, new: Json) -> bool:
        """Tell whether a property is to be written on one side."""
        return not same(unit.value(side, old[side]["data"]), unit.value(side, new[side]))

    def agree(self, unit: Unit, base: Json, new: Json, old: Json) -> Json:
        """Settle one property in `new`; give what is agreed then.

        A third item says that a reference of the source leads nowhere yet: that waits for as long
        as nobody edits the target.
        """
        values = [unit.value(side, new[side]) for side in OTHER]
        image = self.image(unit, values[0])
        if not unsure(image) and same(image, values[1]):
            return values
        if base:
            edited = [not same(value, was) for value, was in zip(values, base, strict=False)]
            edited[0] |= len(base) > len(values) and not edited[1]
        else:
            bare = [empty(value) for value in values]
            edited = [not bare[0] or bare[1], not bare[1] or bare[0]]
        if not any(edited):
            return base
        if all(edited):
            edited = [self.wins(old), not self.wins(old)]
        if edited[0]:
            if image is not UNKNOWN:
                unit.store("target", new["target"], image)
            agreed = [values[0], unit.value("target", new["target"])]
            return [*agreed, "waits"] if unsure(image) else agreed
        back = self.preimage(unit, values[1], values[0])
        if not isinstance(back, NoValue):
            unit.store("source", new["source"], back)
        return [unit.value("source", new["source"]), values[1]]

    def wins(self, old: Json) -> bool:
        """Tell whether the source has the last word."""
        if self.policies["conflicts"] != "latest-wins":
            return bool(self.policies["conflicts"] == "source-wins")
        times = [old[side]["modified_at"].replace("Z", "").ljust(23, "0") for side in OTHER]
        return bool(times[0][:19] + "." + times[0][20:] >= times[1][:19] + "." + times[1][20:])

    def write(self, link: Json, side: str, old: Json, data: Json) -> bool:
        """Write one side; True if it was refused."""
        place = f"write {link['pair']} {link['source']} {side}"
        mark = digest([data, old["source"]["data"], old["target"]["data"]])
        if self.parked.get(place) == mark:
            return True
        try:
            self.systems[side].change(self.pairs[link["pair"]][side], old[side], data)
        except Refused:
            self.parked[place] = mark
            return True
        return False

    def end(self, link: Json, pair: Json, old: Json) -> None:
        """End a link, as the policy says."""
        if self.policies["deletions"] == "propagate":
            for side, record in old.items():
                if record:
                    self.systems[side].delete(pair[side], record)
        link["state"] = "ended"
        self.save()


def unsure(value: Json) -> bool:
    """Tell whether a reference in a value leads nowhere yet."""
    cells = [c for row in value for c in row] if _is_table(value) else [value]
    return any(cell is UNKNOWN for cell in cells)


def _is_table(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(row, list) for row in value)


def connect(
    env: Mapping[str, str], *, now: Callable[[], float], sleep: Callable[[float], None]
) -> Connector:
    """Make the connector."""
    return Connector(env, now, sleep)
