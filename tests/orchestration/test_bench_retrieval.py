"""``understudy bench retrieval`` on anybody's files: exports in, figures out, mistakes named."""

import json

import pytest
from typer.testing import CliRunner

from orchestration.cli import bench
from orchestration.exported_tickets import ExportedTicketsError, export_paths, read_exported_tickets
from tests.assets.build_knowledge.retrieval.shop_desk import BODIES, HOST, TITLES, tickets_and_comments
from tests.encoders import HashingEncoder

DAYS = ["--train-until", "2026-02-01", "--test-from", "2026-02-01"]


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A Zendesk account export of two months and its help center."""
    folder = tmp_path_factory.mktemp("exports")
    tickets, comments = tickets_and_comments()
    by_ticket = dict(iter(comments.groupby("ticket_id")))
    lines = []
    for number, ticket in enumerate(tickets.itertuples(), start=1000):
        people = {"requester": (number, "end-user", ticket.message), "staff": (7, "agent", None)}
        said = [
            {
                "id": number * 10 + place,
                "author_id": people[row.author_role][0],
                "public": True,
                "created_at": row.created_at.isoformat(),
                "body": people[row.author_role][2] or row.text,
            }
            for place, row in enumerate(by_ticket[ticket.ticket_id].itertuples())
        ]
        users = [
            {"id": who, "name": f"Person {who}", "email": f"p{who}@a.example", "role": role, "locale": "en-US"}
            for who, role, _ in people.values()
        ]
        lines.append(
            {
                "id": number,
                "created_at": ticket.created_at.isoformat(),
                "updated_at": ticket.created_at.isoformat(),
                "subject": ticket.subject,
                "description": ticket.message,
                "status": "solved",
                "via": {"channel": "web"},
                "tags": [],
                "requester": users[0],
                "assignee": users[1],
                "users": users,
                "comments": said,
            }
        )
    (folder / "zendesk-2026.ndjson").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    articles = [
        {
            "id": number,
            "title": TITLES[name],
            "slug": name,
            "locale": "en-us",
            "html_url": f"{HOST}/en-us/kb/{name}",
            "body": f"<p>{BODIES[name]}</p>",
        }
        for number, name in enumerate(TITLES, start=1)
    ]
    (folder / "articles.ndjson").write_text("\n".join(json.dumps(one) for one in articles), encoding="utf-8")
    return folder


@pytest.fixture
def fast_encoder(monkeypatch):
    monkeypatch.setattr("assets.audit_tickets.vectors.encoder.load_encoder", HashingEncoder)


@pytest.mark.usefixtures("fast_encoder")
def test_exports_in_figures_out(exports, tmp_path):
    output = tmp_path / "figures.json"
    command = ["retrieval", "--tickets", f"{exports}/zendesk-*", "--articles", f"{exports}/articles.ndjson", *DAYS]
    done = CliRunner().invoke(bench.app, [*command, "--output", str(output)])
    assert done.exit_code == 0, done.output
    figures = json.loads(output.read_text(encoding="utf-8"))
    assert (figures["train_tickets"], figures["test_tickets"], figures["articles"]) == (64, 64, 4)
    for name in ("recall_at_1", "recall_at_5", "mrr"):
        assert figures[f"{name}_low"] <= figures[name] <= figures[f"{name}_high"]
    assert figures["recall_at_1"] > figures["only_passages_recall_at_1"]
    assert "Is the right article found?" in done.output


def test_first_messages_and_replies_are_read_as_they_were_written(exports):
    read = read_exported_tickets(f"{exports}/zendesk-*")
    tickets, _ = tickets_and_comments()
    assert sorted(read.tickets["message"]) == sorted(tickets["message"])
    assert sorted(read.tickets["subject"]) == sorted(tickets["subject"])
    assert read.comments["author_role"].value_counts().to_dict() == {"requester": 128, "staff": 128}
    assert read.comments.query("author_role == 'staff'")["text"].str.contains(HOST, regex=False).all()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--train-until": "soon"}, "'soon' is no day"),
        ({"--tickets": "/nowhere/*.json"}, "nothing is there"),
        ({"--articles": "/nowhere.ndjson"}, "nothing is there"),
    ],
)
def test_mistakes_are_named(exports, changed, said):
    given = {
        "--tickets": f"{exports}/zendesk-*",
        "--articles": f"{exports}/articles.ndjson",
        "--train-until": "2026-02-01",
        "--test-from": "2026-02-01",
        **changed,
    }
    done = CliRunner().invoke(bench.app, ["retrieval", *[part for pair in given.items() for part in pair]])
    assert done.exit_code == 1
    assert said in done.output.replace("\n", " ")


def test_what_is_no_export_is_refused(tmp_path):
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ExportedTicketsError):
        read_exported_tickets(str(tmp_path))


def test_a_folder_stands_for_what_lies_in_it(tmp_path):
    (tmp_path / "a.json").touch()
    (tmp_path / ".hidden").touch()
    assert [path.name for path in export_paths(str(tmp_path))] == ["a.json"]
