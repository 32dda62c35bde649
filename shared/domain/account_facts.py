"""What an administrator says about an account, parsed once at the door: who signs in, and what for."""

import re
from typing import Annotated, Any, Final

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.facts import Facts, Maybe, Name
from shared.domain.nip import is_nip
from shared.domain.people import Role
from shared.domain.ratings import Code

USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
OPERATOR: Final = "suara"
"""The name under which the command line acts, and nobody signs in."""
NOT_A_USER_NAME: Final = PydanticCustomError("not_a_user_name", "not a user name")
PLACE_MISSING: Final = PydanticCustomError("missing", "the role is about this")
ABOUT: Final = {"officer": Role.OFFICER, "office": Role.SUPERVISOR, "region": Role.AGENCY}
"""Which role each field says more about."""
About = Annotated[Code | None, Maybe, Field(validate_default=True)]


class AccountFacts(Facts):
    """A person who signs in; of officer, office and region only the one that the role is about is kept."""

    username: str
    name: Name
    role: Role
    officer: About = None
    office: About = None
    region: About = None

    @field_validator("username")
    @classmethod
    def _a_user_name(cls, value: str) -> str:
        name = value.lower()
        # A NIP would tell a birthday on every letter, and whoever types one is looked for by NIP.
        if not USER_NAME.fullmatch(name) or name == OPERATOR or is_nip(name):
            raise NOT_A_USER_NAME
        return name

    @field_validator(*ABOUT, mode="wrap")
    @classmethod
    def _only_what_the_role_is_about(
        cls, value: Any, parse: ValidatorFunctionWrapHandler, known: ValidationInfo
    ) -> str | None:
        if known.data.get("role") != ABOUT[str(known.field_name)]:
            return None
        place: str | None = parse(value)
        if place is None:
            raise PLACE_MISSING
        return place
