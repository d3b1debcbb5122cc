"""How fast the books are, as ratios inside one run: `python bench/ledger.py [--seconds 1] [--rounds 2] [--markdown]`.

Starts its own PostgreSQL and a temporary SQLite file, posts spends to 1,000 accounts of two grants each with 1 and 8
client processes, and compares the product's full posting (grants, entries, hash chain, triggers, idempotency) with

* `by hand`: the least a ledger must do (a guarded balance UPDATE and an INSERT with a unique key, no grants, no hashes),
  by psycopg in four round trips, or by sqlite3 in one IMMEDIATE transaction, at the same durability;
* `Django idiom`: select_for_update, save, create, on the same minimal tables.

Every window forks its clients, lets them connect and warm up, and counts postings committed until the time is up.
Variants take turns within each round; a figure is the median of its rounds. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import databases, report

ACCOUNTS = 1000
CLIENTS = (1, 8)
WARM_UP = 30
GOALS = {"postgresql": 0.65, "sqlite": 0.5}
Post = Callable[[int, str], None]
MINIMAL = (
    "CREATE TABLE bench_account(id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), seq bigint NOT NULL)",
    "CREATE TABLE bench_row(id varchar(26) PRIMARY KEY, account_id bigint NOT NULL, seq bigint NOT NULL,"
    " amount bigint NOT NULL, balance_after bigint NOT NULL, idempotency_key varchar(120) NOT NULL UNIQUE,"
    " UNIQUE (account_id, seq))",
)
TAKE = "UPDATE bench_account SET balance = balance - 1, seq = seq + 1 WHERE id = {0} AND balance >= 1 RETURNING balance, seq"
WRITE = "INSERT INTO bench_row VALUES ({0}, {0}, {0}, -1, {0}, {0})"
ONE = f"WITH a AS ({TAKE.format('%s')}) INSERT INTO bench_row SELECT %s, %s, seq, -1, balance, %s FROM a"


def by_hand_postgresql() -> Post:
    import psycopg

    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=1)

    def post(account: int, key: str) -> None:
        connection.execute("BEGIN")
        balance, seq = connection.execute(TAKE.format("%s"), [account]).fetchone()  # type: ignore[misc]
        connection.execute(WRITE.format("%s"), [key[:26], account, seq, balance, key])
        connection.execute("COMMIT")

    return post


def by_hand_postgresql_in_one() -> Post:
    import psycopg

    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=1)
    return lambda account, key: [connection.execute(ONE, [account, key[:26], account, key]), None][1]


def by_hand_sqlite() -> Post:
    import sqlite3

    connection = sqlite3.connect(os.environ["BENCH_SQLITE"], timeout=30, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")

    def post(account: int, key: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        balance, seq = connection.execute(TAKE.format("?"), [account]).fetchone()
        connection.execute(WRITE.format("?"), [key[:26], account, seq, balance, key])
        connection.execute("COMMIT")

    return post


def product() -> Post:
    from elistit.credits import ledger

    def post(account: int, key: str) -> None:
        ledger.spend(
            account, 1, job=key[:26], project=key[:26], idempotency_key=key, reason="Clipart bundle, 15 images"
        )

    return post


def product_in_a_transaction() -> Post:
    from django.db import transaction

    post = product()

    def inside(account: int, key: str) -> None:
        with transaction.atomic():
            post(account, key)

    return inside


def django_idiom() -> Post:
    from django.db import models, transaction

    class Account(models.Model):
        id = models.BigIntegerField(primary_key=True)
        balance = models.BigIntegerField()
        seq = models.BigIntegerField()

        class Meta:
            app_label, managed, db_table = "credits", False, "bench_account"

    class Row(models.Model):
        id = models.CharField(primary_key=True, max_length=26)
        account_id = models.BigIntegerField()
        seq = models.BigIntegerField()
        amount = models.BigIntegerField()
        balance_after = models.BigIntegerField()
        idempotency_key = models.CharField(max_length=120)

        class Meta:
            app_label, managed, db_table = "credits", False, "bench_row"

    def post(account: int, key: str) -> None:
        with transaction.atomic():
            held = Account.objects.select_for_update().get(id=account)
            held.balance -= 1
            held.seq += 1
            held.save()
            Row.objects.create(
                id=key[:26],
                account_id=account,
                seq=held.seq,
                amount=-1,
                balance_after=held.balance,
                idempotency_key=key,
            )

    return post


VARIANTS: dict[str, dict[str, Callable[[], Post]]] = {
    "postgresql": {
        "by hand, four round trips": by_hand_postgresql,
        "by hand, one statement": by_hand_postgresql_in_one,
        "the product's posting": product,
        "the same inside a transaction": product_in_a_transaction,
        "Django idiom": django_idiom,
    },
    "sqlite": {
        "by hand, sqlite3": by_hand_sqlite,
        "the product's posting": product,
        "Django idiom": django_idiom,
    },
}


def client(make: Callable[[], Post], seconds: float, ready: Any, answers: Any, seed: int) -> None:
    """One client process: connect, warm up, wait for the others, post until the time is up, answer the count."""
    chance = random.Random(seed)
    post, done = make(), 0
    for _ in range(WARM_UP):
        post(chance.randint(1, ACCOUNTS), uuid.UUID(int=chance.getrandbits(128)).hex)
    ready.wait(60)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        post(chance.randint(1, ACCOUNTS), f"{time.time_ns():x}-{chance.getrandbits(64):x}")
        done += 1
    answers.put(done)


def window(make: Callable[[], Post], clients: int, seconds: float) -> float:
    """Postings a second of one window."""
    fork = mp.get_context("fork")
    ready, answers = fork.Barrier(clients), fork.Queue()
    processes = [
        fork.Process(target=client, args=(make, seconds, ready, answers, random.getrandbits(64)))
        for _ in range(clients)
    ]
    for process in processes:
        process.start()
    counts = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return float(sum(counts) / seconds)


def prepare() -> None:
    """Tables, sellers, accounts, grants."""
    import django

    django.setup()
    from django.db import connection, transaction

    from elistit import ports
    from elistit.accounts.models import User
    from elistit.credits import ledger

    databases.migrate()
    User.objects.bulk_create([User(id=n, email=f"{n}@example.com") for n in range(1, ACCOUNTS + 1)])
    ends = ports.now() + ports.dt.timedelta(days=30)
    with transaction.atomic():
        for owner in range(1, ACCOUNTS + 1):
            for kind, until in (("pack", None), ("plan", ends)):
                ledger.grant(
                    owner, 10**6, source=kind, idempotency_key=f"{kind}:{owner}", reason="Bench", expires_at=until
                )
    with connection.cursor() as cursor:
        for statement in MINIMAL:
            cursor.execute(statement)
        cursor.executemany(
            "INSERT INTO bench_account VALUES (%s, 1000000000, 0)", [(n,) for n in range(1, ACCOUNTS + 1)]
        )
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def measure(database: str, seconds: float, rounds: int) -> dict[str, dict[str, float]]:
    """Median postings a second by variant and number of clients."""
    prepare()
    found: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for clients in CLIENTS:
            variants = list(VARIANTS[database].items())
            random.shuffle(variants)
            for name, make in variants:
                found.setdefault((name, clients), []).append(window(make, clients, seconds))
    return {
        name: {str(clients): statistics.median(found[name, clients]) for clients in CLIENTS}
        for name in VARIANTS[database]
    }


def show(database: str, figures: dict[str, dict[str, float]]) -> bool:
    """Print the ratios to the first variant and whether the goals are met."""
    base = next(iter(figures.values()))
    print(f"\n{database}: postings a second (ratio to {next(iter(figures))})")
    for name, by_clients in figures.items():
        cells = [f"{c} client{'s' if c != '1' else ''}: {v:8,.0f} ({v / base[c]:.2f})" for c, v in by_clients.items()]
        print(f"  {name:32} {'   '.join(cells)}")
    ours, idiom = figures["the product's posting"], figures["Django idiom"]
    share = ours["8"] / base["8"]
    print(
        f"  goal at 8 clients: at least {GOALS[database]} of by hand: {share:.2f}, {'met' if met(database, figures) else 'MISSED'}"
    )
    print(
        f"  against the Django idiom: {ours['1'] / idiom['1']:.1f}x with 1 client, {ours['8'] / idiom['8']:.1f}x with 8"
    )
    return met(database, figures)


def met(database: str, figures: dict[str, dict[str, float]]) -> bool:
    return figures["the product's posting"]["8"] / next(iter(figures.values()))["8"] >= GOALS[database]


def section(figures: dict[str, dict[str, dict[str, float]]], seconds: float, rounds: int) -> None:
    rows = []
    for database, by_variant in figures.items():
        base = next(iter(by_variant.values()))
        for name, rates in by_variant.items():
            cells = [f"{rates[str(c)]:,.0f} ({rates[str(c)] / base[str(c)]:.2f})" for c in CLIENTS]
            rows.append([f"{databases.NAMES[database]}, {name}", *cells])
    goals = ", ".join(
        f"{GOALS[d]} on {databases.NAMES[d]} ({'met' if met(d, f) else 'missed'})" for d, f in figures.items()
    )
    report.section(
        "The books",
        f"`python bench/ledger.py --seconds {seconds:g} --rounds {rounds}`: the product's posting carries grants, entries, hash chain, triggers and\n"
        "idempotency key; “by hand” is a minimal table and carries none of them. Goals at 8 clients, as a share of by hand: "
        + goals
        + ".",
        report.table(
            ["postings a second (ratio to by hand)", *(f"{c} client{'s' if c > 1 else ''}" for c in CLIENTS)], rows
        ),
    )


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one window (default 1)")
    parser.add_argument("--rounds", type=int, default=2, help="windows for each figure (default 2)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--only", choices=list(VARIANTS), help="one database")
    parser.add_argument("--measure", choices=list(VARIANTS), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure(args.measure, args.seconds, args.rounds)))
        return 0
    figures = {}
    for database in [args.only] if args.only else list(VARIANTS):
        with databases.environment(database) as environment:
            environment["BENCH_SQLITE"] = str(Path(environment["ELISTIT_DATA"]) / "elistit.sqlite3")
            command = [sys.executable, __file__, "--measure", database, "--seconds", str(args.seconds)]
            command += ["--rounds", str(args.rounds)]
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        figures[database] = json.loads(done.stdout.splitlines()[-1])
        report.say(f"{database}: measured")
    if args.json:
        print(json.dumps(figures))
        return 0
    if args.markdown:
        section(figures, args.seconds, args.rounds)
        return 0
    good = [show(database, found) for database, found in figures.items()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
