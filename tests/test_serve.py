"""The explorer: what it answers, to whom, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import httpx
import openpyxl
import pytest
import town as town_files
from fastapi import HTTPException

import spatialplan as sp
from spatialplan.base import write_base
from spatialplan.cli import main
from spatialplan.errors import BusyError
from spatialplan.errors import InputError
from spatialplan.serve import create_app
from spatialplan.serve import run_app
from spatialplan.serve._desk import Desk

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "http://127.0.0.1:8765"
BAD_NAME = "<img src=x onerror=alert(1)>"


def degrees(base, x, y):
    """Longitude and latitude of a point drawn in the town's own metres."""
    point = gpd.GeoSeries.from_xy([500_000 + x], [3_520_000 + y], crs=base.crs).to_crs(4326)
    return {"lng": point.iloc[0].x, "lat": point.iloc[0].y}


class Client:
    """Asks an app without a server between."""

    def __init__(self, app):
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def get(self, path, **options):
        return asyncio.run(self._asked("GET", path, options))

    def post(self, path, **options):
        return asyncio.run(self._asked("POST", path, options))

    async def _asked(self, method, path, options):
        async with httpx.AsyncClient(transport=self._transport, base_url=ADDRESS) as opened:
            return await opened.request(method, path, **options)


@pytest.fixture
def client(town, rules):
    return Client(create_app(town, standard=rules))


def ask(client, town, xy, path="answer", **more):
    answer = client.post(f"/api/{path}", json={**degrees(town, *xy), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def fault(answer, status):
    """The one line of a refusal."""
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    assert "\n" not in answer.json()["error"]
    return answer.json()["error"]


# --- answers


def test_bands_checklist_and_people_of_a_place(client, town):
    found = ask(client, town, (0, 0))
    assert [area["limit_min"] for area in found["areas"]] == [15, 10, 5]
    assert [area["people"] for area in found["areas"]] == [3.0, 3.0, 1.0]
    assert [band["properties"]["limit_min"] for band in found["bands"]["features"]] == [15, 10, 5]
    drawn = client.get("/api/isochrone", params=degrees(town, 0, 0)).json()["features"]
    assert [one["geometry"] for one in found["bands"]["features"]] == [
        one["geometry"] for one in drawn
    ]
    assert found["place"] == {**rounded(degrees(town, 0, 0)), "access_m": 0.0}
    rows = {row["id"]: row for row in found["checklist"]}
    school = rows["primary_school"]
    assert (school["minutes"], school["metres"]) == pytest.approx((400 / 60, 400), abs=0.01)
    assert (school["present"], school["facility_zh"]) == (True, "<b>一</b>小")
    assert (rows["pharmacy"]["present"], rows["pharmacy"]["metres"]) == (None, None)


def rounded(place):
    return {name: round(value, 6) for name, value in place.items()}


def test_numbers_are_those_of_the_command_line(town, client, tmp_path):
    write_base(town, tmp_path / "base")
    places = [(0, 0), (700, 400), (1500, 30)]
    for xy in places:
        at = degrees(town, *xy)
        line = ["isochrone", "--base", f"{tmp_path}/base", "--at", f"{at['lng']},{at['lat']}"]
        line += ["--minutes", "5", "10", "15", "--quiet", "-o", f"{tmp_path}/i.geojson"]
        assert main(line) == 0
        written = (tmp_path / "i.geojson").read_text("utf-8")
        assert client.get("/api/isochrone", params=at).text == written
        asked = {"params": {**at, "minutes": [5, 10, 15], "mode": "walk"}}
        assert client.get("/api/isochrone", **asked).text == written
        told = [one["properties"] for one in json.loads(written)["features"]]
        found = ask(client, town, xy)["areas"]
        names = ("limit_min", "people")
        assert [[row[name] for name in names] for row in found] == [
            [row[name] for name in names] for row in told
        ]


def test_a_checklist_by_clause_or_by_category(client, town):
    at = degrees(town, 0, 0)
    by_clause = client.get("/api/checklist", params={**at, "standard": "town"}).json()["checklist"]
    assert [row["id"] for row in by_clause] == ["table", "straight", "minutes", "parks", "pharmacy"]
    assert by_clause == ask(client, town, (0, 0), standard="town")["checklist"]
    by_category = client.get("/api/checklist", params=at).json()["checklist"]
    assert by_category == ask(client, town, (0, 0))["checklist"]


def test_standards_judge_walking_whatever_the_mode(town, rules):
    both = replace(town, networks={**town.networks, "drive": fast(town.networks["walk"])})
    client = Client(create_app(both, standard=rules))
    walked = ask(client, town, (0, 0), standard="town")
    driven = ask(client, town, (0, 0), standard="town", mode="drive")
    assert driven["checklist"] == walked["checklist"]
    assert driven["areas"][0]["street_km"] > walked["areas"][0]["street_km"]
    assert [mode["id"] for mode in client.get("/api/area").json()["modes"]] == ["walk", "drive"]


def fast(network):
    return sp.Network("drive", network.nodes, network.edges.assign(speed_kmh=36.0))


def test_a_barrier_and_a_new_facility_change_the_answer(client, town):
    bar = [[*degrees(town, 250, -50).values()], [*degrees(town, 250, 50).values()]]
    before = row_of(ask(client, town, (0, 0)), "primary_school")
    shut = row_of(ask(client, town, (0, 0), closed=[bar]), "primary_school")
    assert (before["metres"], shut["metres"]) == (400, None)
    added = [{**degrees(town, 100, 0), "category": "primary_school", "name": "new"}]
    more = row_of(ask(client, town, (0, 0), closed=[bar], added=added), "primary_school")
    assert (more["metres"], more["place_id"]) == (100, "added-1")
    assert row_of(ask(client, town, (0, 0)), "primary_school") == before


def row_of(answer, key):
    return next(row for row in answer["checklist"] if row["id"] == key)


def test_a_route_is_as_long_as_the_checklist_says(client, town):
    row = row_of(ask(client, town, (1500, 0)), "primary_school")
    way = ask(client, town, (1500, 0), "route", to=row)
    assert way["properties"]["metres"] == row["metres"] == 1100
    assert way["properties"]["minutes"] == row["minutes"] == pytest.approx(1100 / 60)
    line = way["geometry"]["coordinates"]
    assert line[0] == pytest.approx([*degrees(town, 1500, 0).values()], abs=1e-6)
    assert line[-1] == pytest.approx([row["lng"], row["lat"]], abs=1e-6)
    to = {"lng": row["lng"], "lat": row["lat"], "place_id": "added-1"}
    assert ask(client, town, (1500, 0), "route", to=to)["geometry"] == way["geometry"]
    bar = [[*degrees(town, 1200, -50).values()], [*degrees(town, 1200, 50).values()]]
    asked = {**degrees(town, 1800, 0), "to": row, "closed": [bar]}
    assert fault(client.post("/api/route", json=asked), 404) == (
        "route: there is no way to this place"
    )


def test_hostile_names_are_text_in_json(town, rules):
    named = town.facilities.assign(name_zh=BAD_NAME)
    client = Client(create_app(replace(town, facilities=named), standard=rules))
    answer = client.get("/api/checklist", params=degrees(town, 0, 0))
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert row_of(answer.json(), "park")["facility_zh"] == BAD_NAME
    assert BAD_NAME not in page_of(client).text


def test_files_of_what_is_seen(client, town, tmp_path):
    asked = {**degrees(town, 0, 0), "standard": "town"}
    layer = client.post("/api/export", json={**asked, "format": "geojson"})
    kinds = [one["properties"]["kind"] for one in layer.json()["features"]]
    assert kinds == ["place", "band", "band", "band", *["facility"] * 5]
    book = client.post("/api/export", json={**asked, "format": "xlsx"})
    assert book.headers["content-disposition"] == 'attachment; filename="explorer.xlsx"'
    (tmp_path / "e.xlsx").write_bytes(book.content)
    sheets = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert sheets.sheetnames == ["elements", "areas", "basis"]
    basis = dict(sheets["basis"].iter_rows(values_only=True))
    assert (basis["standard"], basis["mode"], basis["barriers"]) == ("试行标准", "walk", 0)
    assert basis["source: town.osm"] == "2026-01-02 ODbL"


# --- what is served beside


def page_of(client):
    """The page, once it is drawn."""
    for _ in range(600):
        page = client.get("/")
        if "refresh" not in page.headers:
            return page
        time.sleep(0.1)
    return pytest.fail("the page is never drawn")


def test_questions_are_answered_while_the_page_is_drawn(town, rules, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr("spatialplan.serve._app.draw_map", lambda _: go.wait(60) and "<p>map")
    client = Client(create_app(town, standard=rules))
    assert ask(client, town, (0, 0))["areas"]
    waiting = client.get("/")
    assert waiting.headers["refresh"] == "2"
    assert "frame-ancestors 'none'" in waiting.headers["content-security-policy"]
    assert "Drawing how far every clause is covered" in waiting.text
    go.set()
    assert page_of(client).text == "<p>map"


def test_a_page_that_cannot_be_drawn_says_so(town, rules, monkeypatch):
    def refuse(_):
        raise InputError("style", "none")

    monkeypatch.setattr("spatialplan.serve._app.draw_map", refuse)
    assert fault(page_of(Client(create_app(town, standard=rules))), 400) == "style: none"


def test_streets_to_walk_on_are_needed(town, rules):
    drive = replace(town, networks={"drive": fast(town.networks["walk"])})
    with pytest.raises(InputError, match="mode: 'walk'; allowed: drive"):
        create_app(drive, standard=rules)


def test_the_page_and_what_it_may_choose_from(client):
    page = page_of(client)
    assert page.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    area = client.get("/api/area").json()
    assert [one["id"] for one in area["standards"]] == ["town", ""]
    assert area["minutes"] == [5, 10, 15]
    assert area["categories"][0]["color"].startswith("#")
    west, south, east, north = area["bounds"]
    assert west < east
    assert south < north


def test_the_api_describes_itself(client):
    told = client.get("/openapi.json").json()
    assert set(told["paths"]) == {
        f"/api/{name}" for name in ("answer", "route", "export", "area", "isochrone", "checklist")
    }
    for path in told["paths"].values():
        for operation in path.values():
            assert operation["description"]
            assert {"400", "403", "404", "413", "503"} <= set(operation["responses"])
            assert "422" not in operation["responses"]
    assert fault(client.get("/docs"), 404)
    assert fault(client.get("/redoc"), 404)
    assert fault(client.get("/api/answer"), 405)


# --- bad questions


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lng": 0.0}, "place: 0.0,"),
        ({"lng": 181}, "lng: Input should be less than or equal to 180"),
        ({"lng": "x"}, "lng: Input should be a valid number"),
        ({"mode": "drive"}, "mode: 'drive'; allowed: walk"),
        ({"mode": "fly"}, "mode: Input should be 'walk', 'bike' or 'drive'"),
        ({"standard": "gb1"}, "standard: 'gb1'; allowed: town"),
        ({"minutes": [61]}, "minutes.0: Input should be less than or equal to 60"),
        ({"minutes": []}, "minutes: List should have at least 1 item"),
        ({"added": [{"lng": 120, "lat": 31.8, "category": "scool"}]}, "added: "),
        ({"closed": [[[120, 31.8]]]}, "closed.0: List should have at least 2 items"),
        ({"closed": [[[120, 31.8]] * 2] * 21}, "closed: List should have at most 20 items"),
        ({"more": 1}, "more: Extra inputs are not permitted"),
    ],
)
def test_bad_questions_get_one_line(client, town, change, message):
    asked = {**degrees(town, 0, 0), **change}
    assert fault(client.post("/api/answer", json=asked), 400).startswith(message)


def test_what_is_no_json_is_refused(client):
    text = {"content": b"{", "headers": {"content-type": "application/json"}}
    assert "JSON decode error" in fault(client.post("/api/answer", **text), 400)
    assert fault(client.post("/api/answer", content=b'{"lng":1}'), 400)
    assert fault(client.get("/nothing"), 404) == "Not Found"


# --- strangers


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ({"host": "evil.example:8765"}, "Host"),
        ({"host": "127.0.0.1.evil.example"}, "Host"),
        ({"host": ""}, "Host"),
        ({"origin": "http://evil.example"}, "Origin"),
        ({"origin": "null"}, "Origin"),
        ({"origin": "http://127.0.0.1:9999"}, "Origin"),
        ({"sec-fetch-site": "cross-site"}, "Sec-Fetch-Site"),
        ({"sec-fetch-site": "same-site"}, "Sec-Fetch-Site"),
    ],
)
def test_other_sites_are_refused(client, headers, who):
    assert fault(client.get("/api/area", headers=headers), 403).startswith(who)
    assert "access-control-allow-origin" not in client.get("/api/area").headers


def test_our_own_page_is_let_through(client):
    own = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    assert client.get("/api/area", headers=own).status_code == 200
    named = {"host": "localhost:1", "origin": "http://localhost:1"}
    assert client.get("/api/area", headers=named).status_code == 200
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_too_large_a_question_is_refused_while_it_comes(client):
    async def endless():
        while True:
            yield b" " * 10_000

    for body in (b" " * 65_537, endless()):
        line = fault(client.post("/api/answer", content=body), 413)
        assert line == "request: too large; allowed: at most 65,536 bytes"


# --- many questions


class _Asker:
    """A request whose asker stays on the line until told."""

    def __init__(self):
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}


def test_no_more_questions_than_there_is_room_for():
    async def crowd():
        desk, go = Desk(at_once=1, waiting=1), threading.Event()
        first, second = (asyncio.ensure_future(desk.answer(_Asker(), go.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(HTTPException, match="503: busy: too many questions"):
            await desk.answer(_Asker(), go.wait)
        go.set()
        assert await first
        assert await second
        assert await desk.answer(_Asker(), lambda: 5) == 5
        desk.close()

    asyncio.run(crowd())


def test_what_takes_too_long_is_given_up_and_keeps_its_place_until_done():
    async def slow():
        desk, go = Desk(at_once=1, waiting=0, seconds=0.5), threading.Event()
        with pytest.raises(HTTPException, match=r"503: no answer within 0.5 s"):
            await desk.answer(_Asker(), go.wait)
        with pytest.raises(HTTPException, match="busy"):
            await desk.answer(_Asker(), go.wait)
        go.set()
        while desk._room._value == 0:  # noqa: ASYNC110 - a thread leaves its place without a word
            await asyncio.sleep(0.01)
        assert await desk.answer(_Asker(), lambda: 5) == 5
        desk.close()

    asyncio.run(slow())


def test_a_closed_desk_says_that_it_is_closing():
    async def closed():
        desk, go = Desk(at_once=1, waiting=1), threading.Event()
        first = asyncio.ensure_future(desk.answer(_Asker(), go.wait))
        waiting = asyncio.ensure_future(desk.answer(_Asker(), lambda: 5))
        await asyncio.sleep(0)
        desk.close()
        with pytest.raises(HTTPException, match="503: closing"):
            await waiting
        with pytest.raises(HTTPException, match="503: closing"):
            await desk.answer(_Asker(), lambda: 5)
        go.set()
        assert await first

    asyncio.run(closed())


def test_nothing_is_begun_for_an_asker_who_has_gone():
    async def gone():
        desk, go, begun = Desk(at_once=1, waiting=1), threading.Event(), []
        first = asyncio.ensure_future(desk.answer(_Asker(), go.wait))
        asker = _Asker()
        second = asyncio.ensure_future(desk.answer(asker, lambda: begun.append(1)))
        await asyncio.sleep(0)
        asker.left.set()
        with pytest.raises(HTTPException):
            await second
        go.set()
        assert await first
        await desk.answer(_Asker(), lambda: None)
        assert not begun
        desk.close()

    asyncio.run(gone())


def test_a_bug_of_ours_is_one_line_too(town, rules, monkeypatch):
    monkeypatch.setattr("spatialplan.serve._explorer.Explorer.answer", lambda *_: 1 / 0)
    answer = Client(create_app(town, standard=rules)).post("/api/answer", json=degrees(town, 0, 0))
    assert fault(answer, 500) == "a bug of ours; please report it"
    assert answer.headers["x-content-type-options"] == "nosniff"


# --- the server itself


def test_a_port_that_is_taken_is_told_before_any_work():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BusyError, match=f"--port {port}: another program listens there"):
            run_app(pytest.fail, port=port)


def test_the_command_serves_until_it_is_stopped(tmp_path):
    files = town_files.write_town(tmp_path)
    made = sp.prepare_base("town", street_file=files / "town.osm", people=3600.0)
    write_base(made, tmp_path / "base")
    start = (
        "import sys; from spatialplan import _commands, cli;"
        "from spatialplan._commands._serve_arguments import serve;"
        "_commands.COMMANDS['serve'] = serve; cli.run()"
    )
    words = ["serve", "--base", f"{tmp_path}/base", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-c", start, *words], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as server:  # fmt: skip
        line = server.stdout.readline()
        assert line.startswith("explorer"), line + server.stderr.read()
        address = line.split()[2]
        with urllib.request.urlopen(f"{address}api/area", timeout=60) as answer:  # noqa: S310
            assert json.load(answer)["area_id"] == "town"
        server.send_signal(signal.SIGINT)
        told, faults = server.communicate(timeout=30)
    assert (server.returncode, told, faults) == (0, "stopped\n", "")
