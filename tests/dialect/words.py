"""Names for made-up checklists. None of the systems exists."""

from __future__ import annotations

from random import Random

SYSTEMS = (
    "Ledgerly",
    "Kioskly",
    "Booksy",
    "Teamdesk",
    "Payrun",
    "Dealhub",
    "Projectly",
    "Mailwise",
    "Quillbase",
    "Cargo.Line",
    "Shop Central",
    "Stockroom 24",
    "Visit Planner One",
    "Brightbook Ledger Pro",
)
FOREIGN = ("Fieldkit", "Tourlog", "Parcelo")
TYPES = (
    "Customers",
    "Contacts (human data)",
    "Orders",
    "order_lines",
    "SalesOrder",
    "Debtor",
    "item2",
    "Support tickets",
    "Project members",
    "invoice",
    "Company",
    "Deal",
    "Employee",
    "Price list 3",
    "Country",
    "_drafts",
    "Stock_",
    "Items*",
    "`Tasks",
    "|Bins|",
    "Kjøp",
)
ROLES = ("Owner", "Responsible", "Main contact")
OBJECTS = ("billing", "address", "lines", "variants", "phones", "owner", "price", "custom_fields")
LEAVES = (
    "name",
    "email",
    "number",
    "city",
    "amount",
    "title",
    "street",
    "currency",
    "comment",
    "status",
    "createdAt",
    "sku",
    "vatCode",
    "isActive",
    "quantity",
    "country",
)
KEYS = ("id", "gid", "customerId", "country.id", "ownerKey", "project.companyId")
ODD = (
    "variants..sku",
    "_type",
    "$ref",
    "p:P1.ps:P1",
    "*name*",
    "a|b|c",
    "`code`",
    "note_",
    "`broken",
    "**open",
    "-",
    "x:y",
    "name::",
    "größe.weiß",
    "with blank.in it",
)
PROSE = (
    "When a Deal has a 100% probability of being won",
    "if the order is paid. And it was shipped",
    "When Fieldkit says that the *visit* is over",
    "remark: only customers with `number`, which are |active|",
    "* when it is open",
    "| only in ||: *some* cases",
    ":note: when it was sent",
    "1. if it is ready",
    "--all of them, it seems",
    ">>> ready",
    "While a Job will be synchronized with a Task",
)
VALUES = ("mobile", "main", "Made in China", "2", "in use", "x y")
HUB_IDS = ("wd:Q12345", "brightbook-customer:KindType")


def spelled(random: Random, system: str) -> str:
    """Give another spelling of a system's name."""
    words = system.split()
    ways = (
        system.upper(),
        "".join(words),
        words[0],
        "".join(words[-2:]).capitalize(),
        "".join(words) + "".join(words).capitalize(),
    )
    return random.choice([name for name in ways if name != system])


def path(random: Random) -> str:
    """Give a property: one to five segments."""
    chance = random.random()
    if chance < 0.04:
        return random.choice(ODD)
    if chance < 0.16:
        return random.choice(KEYS)
    depth = random.choices((0, 1, 2, 3, 4), (60, 28, 9, 2, 1))[0]
    leaf = random.choice(LEAVES) + random.choice(("", "", "2", "Text"))
    return ".".join([*(random.choice(OBJECTS) for _ in range(depth)), leaf])
