"""The database in memory: it refuses what SQLite refuses, undoes what SQLite undoes, and says so when it does not understand.

The same small programs run on both and must end alike; that whole histories do is in `test_simulator`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

# Each runs on a seller with 70 credits and a launched project, on SQLite and in memory; what it prints must be the same.
ACTS = {
    "a stage that may not follow": "Project.objects.filter(pk=p).update(stage='completed')",
    "a status that may not follow": "Job.objects.filter(project=p).update(status='SUCCEEDED')",
    "a stage there is not": "Project.objects.filter(pk=p).update(stage='dreaming')",
    "an item state there is not": "Item.objects.filter(job__project=p).update(state='lost')",
    "a row of the books changed": "CreditTransaction.objects.update(amount=5)",
    "an entry changed": "CreditEntry.objects.update(amount=5)",
    "a quote changed": "Quote.objects.update(total=0)",
    "a balance from nowhere": "CreditAccount.objects.update(balance=1000)",
    "a seq from nowhere": "CreditAccount.objects.update(seq=9)",
    "a grant filled from nowhere": "CreditGrant.objects.update(remaining=1)",
    "a grant that opens full":
        "CreditGrant.objects.create(account_id=1, amount=5, remaining=5, source='x')",
    "an account that opens rich": "CreditAccount.objects.create(owner=User.objects.create(email='b@x'), balance=5)",
    "a second account": "CreditAccount.objects.create(owner=u)",
    "a refund that was never charged": "ledger.refund(u.pk, job='none', project='', idempotency_key='r', reason='r')",
    "a refund beyond the charge":
        "ledger.refund(u.pk, job=j.pk, project=p, amount=999, idempotency_key='r', reason='r')",
    "more than the balance":
        "ledger.spend(u.pk, 10**6, job='j', project=p, idempotency_key='s', reason='r')",
    "a key for another request": "ledger.grant(u.pk, 5, source='x', idempotency_key='trial:1', reason='x')",
    "an email twice": "User.objects.create(email='a@x')",
    "an item number twice": "Item.objects.create(job=j, number=1)",
    "an item without a job": "Item.objects.create(job=None, number=9)",
    "a try twice": "[Attempt.objects.create(job=j, stage='briefing') for _ in range(2)]",
    "a note twice": "[Attempt.objects.create(job=j, stage='briefing', note=True) for _ in range(2)]",
    "nothing found": "Job.objects.get(pk='none')",
    "too much found": "Item.objects.get(job=j)",
    "nobody asked": "Item.objects.filter(state__in=[]).exists()",
    "null is null": "Job.objects.filter(gate_reached_at=None, ended_at__lt=ports.now()).count()",
    "excluded": "sorted(Item.objects.exclude(number__in=[1, 3]).values_list('number', flat=True))",
    "descending": "list(j.items.order_by('-number').values_list('number', 'state'))",
    "along a key": "Job.objects.values_list('project__model', flat=True).get(pk=j.pk)",
    "read along": "Job.objects.select_related('project__listing').get(pk=j.pk).project.listing.draft",
    "seen from the parent": "j.items.get(number=2).job is j",
    "made or found":
        "[ProviderPause.objects.get_or_create(provider='x', defaults={'reason': r})[1] for r in 'ab']",
    "made or changed":
        "[Attempt.objects.update_or_create(job=j, stage='x', defaults={'reason': r})[0].reason for r in 'ab']",
    "json is nobody's":
        "(lambda i: (i.art.update(x=1), i.flags.append(2), Item.objects.get(pk=i.pk).art))(Item.objects.first())[2]",
}  # fmt: skip
TRANSACTIONS = {
    "an inner one undone": """
with transaction.atomic():
    ProviderPause.objects.create(provider='kept', reason='r')
    transaction.on_commit(lambda: done.append('kept'))
    try:
        with transaction.atomic():
            ProviderPause.objects.create(provider='gone', reason='r')
            transaction.on_commit(lambda: done.append('gone'))
            raise KeyError
    except KeyError:
        pass
    done.append('end')""",
    "an outer one undone": """
try:
    with transaction.atomic():
        Project.objects.filter(pk=p).update(stage='briefing')
        Attempt.objects.create(job=j, stage='s')
        raise KeyError
except KeyError:
    pass
done.append(Attempt.objects.create(job=j, stage='s').pk)""",
    "a broken one": """
try:
    with transaction.atomic():
        try:
            ProviderPause.objects.create(provider='x', reason=None)
        except IntegrityError:
            done.append('refused')
        try:
            ProviderPause.objects.count()
        except transaction.TransactionManagementError:
            done.append('broken')
        ProviderPause.objects.create(provider='x', reason='r')
except transaction.TransactionManagementError:
    done.append('all of it')""",
    "at once outside": "transaction.on_commit(lambda: done.append(1))",
    "a bulk": "Item.objects.bulk_create([Item(job=j, number=n) for n in (7, 8)])\ndone.append(j.items.count())",
}
PROGRAM = """
import json
from elistit.simulator import running
running.prepare()
from django.db import IntegrityError, transaction
from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import *
from elistit.actions import commands
from elistit.runtime import engine
from elistit.chain.models import *
from elistit.projects.models import *
from elistit.simulator.statements import watched, words
acts, transactions = json.loads({given!r})
class Quiet:
    def start(self, *args): pass
engine.queue = Quiet()
def lived(in_world):
    told = {{}}
    for name, text in {{**acts, **transactions}}.items():
        with in_world(), ports.use_clock(ports.FixedClock()):
            u = User.objects.create(email='a@x')
            plans.start_trial(u.pk)
            ledger.grant(u.pk, 40, source='test', idempotency_key='more', reason='More')
            p = commands.launch(u, commands.LaunchSpec('sticker', 'foxes', 3), idempotency_key='k').pk
            j, done, sent = Job.objects.get(project=p), [], []
            with watched(lambda verb, table: sent.append(words(verb, table))):
                try:
                    done.append(eval(text, {{**globals(), **locals()}})) if name in acts else exec(text, {{**globals(), **locals()}})
                except Exception as error:
                    done.append(type(error).__name__)
            told[name] = [str(done), sent, str(list(ProviderPause.objects.order_by('pk').values_list('pk', 'reason'))),
                          Project.objects.get(pk=p).stage, str(list(Attempt.objects.order_by('id').values_list('pk', 'reason')))]
    return told
print(json.dumps([lived(running.world), lived(running.in_memory)]))
"""


def program(text: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, timeout=280, check=False, env=env
    )


def test_every_act_ends_as_on_sqlite_statement_for_statement() -> None:
    done = program(PROGRAM.format(given=json.dumps([ACTS, TRANSACTIONS])))
    assert done.returncode == 0, done.stderr[-3000:]
    on_sqlite, in_memory = json.loads(done.stdout)
    assert in_memory == on_sqlite
    refused = [name for name, told in in_memory.items() if "IntegrityError" in told[0]]
    assert len(refused) >= 16, "and many of them are refused by the database itself"
    assert in_memory["an inner one undone"][0] == "['end', 'kept']"
    assert in_memory["a broken one"][0] == "['refused', 'broken', 'all of it']"


NOT_UNDERSTOOD = (
    "Job.objects.filter(Q(pk=1))", "Job.objects.aggregate(n=1)", "Job.objects.annotate(n=1)", "Job.objects.filter(status__regex='x')[:1].get()",
    "Item.objects.filter(art={}).exists()", "Job.objects.order_by('project__stage').first(); list(Job.objects.order_by('x'))",
    "Job.objects.filter(pk=1).delete()", "Item.objects.update(round=F('round') + 1)", "connection.cursor().execute('SELECT 1')",
    "posting.rows('SELECT 1')", "User(email='x').save()", "Session.objects.count()", "Job.objects.all()[1:2]",
)  # fmt: skip


def test_what_it_does_not_understand_it_refuses_aloud_and_no_rule_can_swallow_it() -> None:
    text = (
        "from elistit.simulator import running\nrunning.prepare()\nimport json\n"
        "from django.contrib.sessions.models import Session\nfrom django.db import connection\nfrom django.db.models import F, Q\n"
        "from elistit.accounts.models import User\nfrom elistit.credits import posting\nfrom elistit.projects.models import Item, Job\n"
        "from elistit.simulator.memory.store import NotUnderstood\nfound = []\n"
        "with running.in_memory():\n"
        f"    for act in {NOT_UNDERSTOOD!r}:\n"
        "        try:\n            exec(act); found.append('answered: ' + act)\n"
        "        except Exception as error:\n            found.append(f'{type(error)}: {act}')\n"
        "        except NotUnderstood:\n            pass\n"
        "print(json.dumps([found, User.objects.count()]))"
    )
    done = program(text)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == [[], 0], "and afterwards the real database answers again"
