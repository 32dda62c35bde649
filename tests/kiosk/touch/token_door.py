"""A server's door that renews tokens: both work until the new one is first used, then only the new one."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

LOOK = """(values) => new Promise((resolve) => {
    const opening = indexedDB.open("suara-loket-touch");
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("device", "readwrite");
        const device = transaction.objectStore("device");
        Object.entries(values).forEach(([key, value]) => device.put(value, key));
        const found = {};
        ["token", "next", "token_since"].forEach((key) => {
            const asking = device.get(key);
            asking.onsuccess = () => { found[key] = asking.result === undefined ? null : asking.result; };
        });
        transaction.oncomplete = () => { opening.result.close(); resolve(found); };
    };
})"""


class TokenDoor:
    """Stands before the server, which knows only the token of the enrolment."""

    def __init__(self, context: BrowserContext) -> None:
        self.mode = "take it"
        self.asked: list[str] = []
        self.valid: str | None = None
        self._real: str | None = None
        self._next: str | None = None
        context.route("**/api/**", self._pass)

    def kept(self, page: Page) -> dict[str, Any]:
        """Return the tokens on the device."""
        return self.keep(page, {})

    def keep(self, page: Page, values: dict[str, Any]) -> dict[str, Any]:
        """Put these on the device, and return the tokens that are there."""
        found: dict[str, Any] = page.evaluate(LOOK, values)
        return found

    def make_old(self, page: Page) -> None:
        """Let the device's token be from long ago."""
        self.keep(page, {"token_since": 0})

    def waits_for(self, count: int, page: Page) -> None:
        """Wait until the device has asked so often."""
        for _ in range(100):
            if len(self.asked) >= count:
                return
            page.wait_for_timeout(50)
        raise AssertionError(self.asked)

    def knows_only(self, token: str, page: Page) -> None:
        """Wait until this token was used and the one before is of no use any more."""
        for _ in range(200):
            if self.valid == token:
                return
            page.wait_for_timeout(50)
        raise AssertionError(self.asked)

    def _pass(self, route: Route) -> None:
        token = route.request.headers.get("authorization", "").removeprefix("Bearer ")
        self._real = self._real or token
        self.valid = self.valid or token
        if route.request.url.endswith("/api/kiosk/token"):
            return self._renew(route, token)
        if token == self._next:
            self.valid, self._next = token, None
        if token != self.valid:
            problem = {"title": "This device is not known", "status": 401}
            return route.fulfill(status=401, json=problem, content_type="application/problem+json")
        return route.continue_(headers={**route.request.headers, "authorization": f"Bearer {self._real}"})

    def _renew(self, route: Route, token: str) -> None:
        self.asked.append((route.request.post_data_json or {})["token"])
        if self.mode == "lose the question":
            return route.abort()
        assert token in {self.valid, self._next}
        self._next = self.asked[-1]
        if self.mode == "lose the answer":
            return route.abort()
        return route.fulfill(status=204)
