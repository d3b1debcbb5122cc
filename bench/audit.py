"""How long `elistit audit` takes and what memory it needs: `python bench/audit.py [--transactions 100000 1000000] [--markdown]`.

Fills a database with so many transactions, valid to the last hash, by bulk SQL past the ledger: for every job a grant, a
charge, three remakes of its first item and a refund of its lost second one, with the project, quote, items, file, provider
call and draft the books are held against. Then a process of its own runs the audit. It fails when a check finds anything.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import databases, report

PER_JOB = 6
PER_ACCOUNT = 100  # Jobs of one seller.
BATCH = 2000  # Jobs written at once.


class Table:
    """Rows of a table on their way in: the columns' defaults are the model's, what a row says is given. `numbered`: the
    database numbers them."""

    def __init__(self, model: Any, /, numbered: bool = False, **fixed: Any) -> None:
        from django.db import connection

        example = model(**fixed)
        fields = [f for f in model._meta.concrete_fields if not (numbered and f.primary_key)]
        self.model = model
        self.name, self.columns = model._meta.db_table, [f.column for f in fields]
        self.like = [f.get_db_prep_save(f.pre_save(example, add=False), connection) for f in fields]
        self.place = {column: n for n, column in enumerate(self.columns)}
        self.rows: list[list[Any]] = []

    def add(self, **said: Any) -> None:
        row = self.like.copy()
        for column, value in said.items():
            row[self.place[column]] = value
        self.rows.append(row)

    def write(self, cursor: Any, vendor: str) -> None:
        if vendor == "sqlite":
            marks = ", ".join(["%s"] * len(self.columns))
            cursor.executemany(f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})", self.rows)
        else:
            with cursor.copy(f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN") as copy:
                for row in self.rows:
                    copy.write_row(row)
        self.rows.clear()


class Books:
    """Writes sellers with their projects and books, in batches, with ids that count up."""

    def __init__(self, jobs_of_a_grant: int = 1) -> None:
        """With one grant for so many jobs in a row; a seller's number of jobs is a multiple of it."""
        from elistit import ports
        from elistit.accounts.models import User
        from elistit.chain.models import Attempt, ProviderCall
        from elistit.credits import models as credits
        from elistit.credits import prices
        from elistit.projects.models import Item, Job, Listing, Project, ProjectFile
        from elistit.projects.request_models import AcceptedCharge, AcceptedRequest

        made = {"created_at": ports.now()}
        lines = prices.quote_lines("sticker", "builtin/kawaii", 2)
        self.total = sum(line.credits for line in lines)
        self.price = sum(line.unit_price for line in lines if line.per_item)
        self.remake = next(line.unit_price for line in lines if line.action == "generate")
        model, stored = "builtin/kawaii", [asdict(line) for line in lines]
        quote = {
            "product": "sticker",
            "model": model,
            "count": 2,
            "lines": stored,
            "total": self.total,
            "price_list": "b",
        }
        self.tables = {
            "user": Table(User, password=""),
            "account": Table(credits.CreditAccount, **made),
            "grant": Table(credits.CreditGrant, source="bench", **made),
            "transaction": Table(credits.CreditTransaction, reason="Bench", request_digest="0" * 64, **made),
            "entry": Table(credits.CreditEntry, numbered=True),
            "quote": Table(credits.Quote, **quote, **made),
            "project": Table(
                Project, product="sticker", name="Bench", idea="whales", ratio="1:1", count=2, model=model, seed=1,
                stage="completed", **made,
            ),
            "job": Table(Job, status="SUCCEEDED", request_digest="", ended_at=ports.now(), **made),
            "item": Table(Item, numbered=True, price=self.price),
            "file": Table(ProjectFile, numbered=True, role="image", bytes=3, sha256="0" * 64, **made),
            "call": Table(ProviderCall, provider="builtin", model=model, state="answered", outcome="made", answered_at=ports.now()),
            "listing": Table(Listing, text="written", draft="created", draft_url="https://shop.example"),
            "attempt": Table(Attempt, numbered=True, stage="drafting", outcome="made", ended_at=ports.now()),
        }  # fmt: skip
        self.tables["request"] = Table(AcceptedRequest, digest="0" * 64, **made)
        self.tables["charge"] = Table(AcceptedCharge, numbered=True)
        self.requests = self.posted = 0
        self.said_at = made["created_at"]
        self.jobs_of_a_grant, self.grant = jobs_of_a_grant, ""
        self.account, self.seq, self.balance, self.head = 0, 0, 0, ""

    def seller(self, number: int) -> None:
        self.close()
        self.account, self.seq, self.balance, self.head = number, 0, 0, ""
        self.tables["user"].add(id=number, email=f"{number}@bench.example")

    def close(self) -> None:
        """Write the account as its last row left it."""
        if self.account:
            self.tables["account"].add(
                id=self.account, owner_id=self.account, balance=self.balance, seq=self.seq, head_hash=self.head
            )

    def post(self, kind: str, contra: str, amount: int, grant: str, job: str = "", item: int | None = None) -> None:
        from django.db import connection

        from elistit import ports
        from elistit.credits import chain

        self.seq += 1
        self.balance += amount
        key = f"{self.account}:{self.seq}"
        self.posted += 1
        id_ = f"{ports.first_id(self.said_at)}{self.posted:016d}"
        drawn = grant if kind == "REFUND_CREDIT" else None
        said = {
            "account": self.account, "actor": "", "amount": amount, "balance_after": self.balance, "contra": contra,
            "created_at": chain.stamp(self.said_at), "entries": [[grant, amount, drawn]], "id": id_, "idempotency_key": key,
            "item": item, "job": job, "previous_hash": self.head, "project": job, "reason": "Bench",
            "request_digest": "0" * 64, "seq": self.seq, "type": kind,
        }  # fmt: skip
        digest = chain.row_hash(said)
        self.tables["transaction"].add(
            id=id_, account_id=self.account, seq=self.seq, type=kind, contra=contra, amount=amount,
            balance_after=self.balance, job=job, project=job, item=item, idempotency_key=key, previous_hash=self.head,
            hash=digest, created_at=connection.ops.adapt_datetimefield_value(self.said_at),
        )  # fmt: skip
        self.tables["entry"].add(transaction_id=id_, grant_id=grant, amount=amount, drawn_from_id=drawn)
        if kind == "SPEND_CREDIT":
            self.requests += 1
            act = "launch" if item is None else "remake"
            self.tables["request"].add(
                id=self.requests, owner_id=self.account, key=key, act=act, answer=f'{{"job": "{job}"}}'
            )
            self.tables["charge"].add(request_id=self.requests, posting=id_)
        self.head = digest

    def job(self, number: int) -> None:
        """One project and its job, both under one id, with everything the audit looks at."""
        id_ = f"{number:026d}"
        if (number - 1) % self.jobs_of_a_grant == 0:
            self.grant, came = id_, (self.total + 3 * self.remake) * self.jobs_of_a_grant
            left = self.price * self.jobs_of_a_grant
            self.tables["grant"].add(id=id_, account_id=self.account, amount=came, remaining=left)
            self.post("GRANT_CREDIT", "promo", came, id_)
        self.post("SPEND_CREDIT", "revenue", -self.total, self.grant, id_)
        for _ in range(3):
            self.post("SPEND_CREDIT", "revenue", -self.remake, self.grant, id_, 1)
        self.post("REFUND_CREDIT", "revenue", self.price, self.grant, id_, 2)
        self.tables["quote"].add(id=id_, owner_id=self.account)
        self.tables["project"].add(public_id=id_, owner_id=self.account)
        self.tables["job"].add(public_id=id_, project_id=id_, quote_id=id_, idempotency_key=id_)
        self.tables["item"].add(job_id=id_, number=1, state="made")
        self.tables["item"].add(job_id=id_, number=2, state="blocked", price=0)
        self.tables["file"].add(project_id=id_, job_id=id_, item=1, name="1.png", path=f"{id_}/1.png")
        self.tables["call"].add(key=id_, job_id=id_, item=1)
        self.tables["listing"].add(project_id=id_, draft_id=str(number))
        self.tables["attempt"].add(job_id=id_)

    def flush(self) -> None:
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.tables.values():
                table.write(cursor, connection.vendor)


@contextmanager
def without_guards() -> Iterator[None]:
    """The database's own guards let nobody write past the ledger; for the filling they are put aside, and stand again."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            cursor.execute(sql)


def fill(transactions: int) -> None:
    import django

    django.setup()
    databases.migrate()
    from django.db import connection

    books = Books()
    with without_guards():
        for number in range(1, transactions // PER_JOB + 1):
            if number % PER_ACCOUNT == 1:
                books.seller(number // PER_ACCOUNT + 1)
            books.job(number)
            if number % BATCH == 0:
                books.flush()
        books.close()
        books.flush()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def run() -> dict[str, Any]:
    """One audit in this process: seconds, peak memory before and after in MB, the slowest checks."""
    import django

    django.setup()
    from elistit.credits import audit

    before, began = peak_mb(), time.perf_counter()
    result = audit.run()
    seconds = time.perf_counter() - began
    broken = {c["name"]: c["violations"][:2] for c in result["checks"] if not c["ok"]}
    if broken:
        raise SystemExit(f"The audit found what is not there: {broken}")
    (rows,) = [c["checked"] for c in result["checks"] if c["name"] == "the hash chain is unbroken"]
    return {"rows": rows, "seconds": seconds, "cpu": time.process_time(), "before": before, "peak": peak_mb()}


def peak_mb() -> float:
    """The most memory this process has held; on Linux from its own map, because getrusage also counts its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(next(row.split()[1] for row in status.read_text().splitlines() if row.startswith("VmHWM"))) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(what: str, count: int, env: dict[str, str]) -> str:
    command = [sys.executable, __file__, what, "--transactions", str(count)]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--transactions", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--only", choices=list(databases.NAMES), help="one database")
    parser.add_argument("--fill", action="store_true", help="(used by this script itself)")
    parser.add_argument("--run", action="store_true", help="(used by this script itself)")
    given = parser.parse_args()
    if given.fill:
        fill(given.transactions[0])
        return
    if given.run:
        print(json.dumps(run()))
        return
    lines = []
    for database in [given.only] if given.only else databases.NAMES:
        for count in given.transactions:
            with databases.environment(database) as env:
                began = time.perf_counter()
                child("--fill", count, env)
                report.say(f"{database}: {count:,} transactions filled in {time.perf_counter() - began:.0f} s")
                found = json.loads(child("--run", count, env).splitlines()[-1])
            report.say(found)
            lines.append(
                [databases.NAMES[database], f"{found['rows']:,}", f"{found['seconds']:.1f}", f"{found['cpu']:.1f}",
                 f"{found['before']:.0f}", f"{found['peak']:.0f}"]
            )  # fmt: skip
    counts = " ".join(map(str, given.transactions))
    report.section(
        "The audit",
        f"`python bench/audit.py --transactions {counts}`: all checks of `elistit audit` that need no engine, store or shop, in a process of its\n"
        f"own, on books that are right: every {PER_JOB} transactions a job with its project, quote, two items, file, provider call and draft.",
        report.table(["database", "transactions", "seconds", "of these its own CPU", "MB before", "MB at most"], lines),
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
    main()
