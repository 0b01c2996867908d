"""A world to test in: two stubs, a clock, and a connector that can be killed."""

from __future__ import annotations

import json

import httpx
from stub import Kill, Stub, in_process

from tallystick_reference import GaveUp, Parts, connect
from tallystick_reference.transport import Transport

REFERENCE = {"source": "Customer", "target": "Client"}
CUSTOMERS = {
    "source": "Customer",
    "target": "Client",
    "create": {"when": "always"},
    "merge": [[{"source": "email", "target": "Mail"}]],
    "properties": [
        {"source": "email", "target": "Mail", "type": "string"},
        {"source": "name.first", "target": "FirstName"},
        {"source": "name.last", "target": "LastName"},
    ],
}
ORDERS_PAIR = {
    "source": "Order",
    "target": "Sale",
    "create": {"when": "always"},
    "properties": [
        {"source": "number", "target": "No"},
        {"source": "customer", "target": "Client", "reference": REFERENCE},
        {"source": "lines[].price", "target": "Lines[].UnitPrice", "type": "decimal"},
        {"source": "lines[].sku", "target": "Lines[].Item"},
    ],
}


def dataflow(source="storefront/1", target="ledger/1", pairs=(ORDERS_PAIR, CUSTOMERS), **policies):
    """Give the contents of a dataflow.json; every type's path is its name in small letters."""
    types = {
        side: {pair[side]: {"path": pair[side].lower(), "schema": {}} for pair in pairs}
        for side in ("source", "target")
    }
    return {
        "format": "tallystick-dataflow/1",
        "source": {"system": "Shop", "api": source},
        "target": {"system": "ERP", "api": target},
        "types": types,
        "pairs": list(pairs),
        "policies": policies,
    }


class World:
    """Two stubs, a clock, and a connector that can be killed."""

    def __init__(self, folder, flow):
        self.shop = Stub(flow["source"]["api"], "http://shop.test", "shop-token")
        self.erp = Stub(flow["target"]["api"], "http://erp.test", "erp-token")
        (folder / "state").mkdir()
        (folder / "dataflow.json").write_text(json.dumps(flow))
        self.env = {
            "TALLYSTICK_DATAFLOW": str(folder / "dataflow.json"),
            "TALLYSTICK_STATE": str(folder / "state"),
            "TALLYSTICK_SOURCE_URL": self.shop.url,
            "TALLYSTICK_SOURCE_TOKEN": self.shop.token,
            "TALLYSTICK_TARGET_URL": self.erp.url,
            "TALLYSTICK_TARGET_TOKEN": self.erp.token,
        }
        self.time, self.slept = 1_000_000.0, []
        self.start()

    def start(self, **parts):
        network = in_process([self.shop, self.erp])

        class Wired(Transport):
            def client(self, token):
                headers = {"Authorization": f"Bearer {token}"}
                return httpx.Client(transport=network, headers=headers, trust_env=False)

        self.connector = connect(
            self.env,
            now=lambda: self.time,
            sleep=self.sleep,
            parts=Parts(**{"transport": Wired, **parts}),
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def sync(self):
        """Sync, also over kills; gives what was written."""
        before = len(self.shop.log), len(self.erp.log)
        for _ in range(5):
            try:
                self.connector.sync()
                break
            except Kill:
                self.start()
            except GaveUp:
                self.time += 60
        requests = self.shop.log[before[0] :] + self.erp.log[before[1] :]
        return [request for request in requests if request[0] != "GET"]
