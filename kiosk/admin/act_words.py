"""What the trail calls what was done, the things it was done to, and what is known of them."""

from collections.abc import Mapping
from typing import Final

from kiosk.admin import extra_element_words
from kiosk.localisation import ROLE_NAMES
from kiosk.own_words.wording import FIELDS as OWN_WORDS
from kiosk.review_words import GROUNDS, IN_GENERAL
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

VERBS: Final[dict[str, tuple[str, str]]] = {
    "added": (mark("Added"), mark("{who} added {thing}")),
    "changed": (mark("Changed"), mark("{who} changed {thing}")),
    "removed": (mark("Removed"), mark("{who} removed {thing}")),
    "imported": (mark("Imported"), mark("{who} imported {thing}")),
    "import_uploaded": (mark("Handed in a file"), mark("{who} handed in {thing}")),
    "import_started": (mark("Started an import"), mark("{who} started the import of {thing}")),
    "import_left": (mark("Discarded a file"), mark("{who} discarded {thing}, nothing of it was imported")),
    "import_confirmed": (mark("Approved an import"), mark("{who} approved {thing}, its ratings count")),
    "import_undone": (mark("Undid an import"), mark("{who} undid the import of {thing}")),
    "import_counts_again": (mark("Took an undoing back"), mark("{who} let {thing} count again")),
    "signed_in": (mark("Signed in"), mark("{who} signed in")),
    "signed_out": (mark("Signed out"), mark("{who} signed out")),
    "sign_in_failed": (mark("Could not sign in"), mark("Somebody could not sign in as {subject}")),
    "code_failed": (mark("Wrong code"), mark("Somebody could not sign in as {subject}: wrong code")),
    "recovery_failed": (
        mark("Wrong recovery code"),
        mark("Somebody could not sign in as {subject}: wrong recovery code"),
    ),
    "recovery_codes_made": (mark("New recovery codes"), mark("{who} made new recovery codes")),
    "password_changed": (mark("New password"), mark("{who} chose a new password")),
    "recovery_code_used": (mark("Recovery code used"), mark("{who} signed in with a recovery code")),
    "phone_connected": (mark("Phone connected"), mark("{who} connected a phone")),
    "phone_disconnected": (mark("Phone disconnected"), mark("{who} disconnected their phone")),
    "sign_in_ended": (mark("Ended a sign-in"), mark("{who} ended a sign-in of {subject}")),
    "reload_asked": (mark("Let a screen load anew"), mark("{who} let the screen of {thing} load anew")),
    "closed": (mark("Closed a month"), mark("{who} closed {thing}")),
    "restated": (mark("Looked at a month again"), mark("{who} looked at {thing} again")),
    "visit_told": (mark("Wrote down a visit"), mark("{who} wrote down a {thing}, to ask its visitor")),
    "invitation_withdrawn": (mark("Withdrew an invitation"), mark("{who} withdrew an {thing}")),
    "answered": (mark("Answered a resident"), mark("{who} answered a {thing}")),
    "looked_up": (mark("Looked up a person"), mark("{who} looked up what is kept of the {thing}")),
    "forgotten": (mark("Forgot a person"), mark("{who} forgot the {thing}, as that person wished")),
    "campaign_started": (mark("Started asking guardians"), mark("{who} started the {thing}")),
    "campaign_paused": (mark("Paused a campaign"), mark("{who} paused the {thing}")),
    "campaign_resumed": (mark("Let a campaign go on"), mark("{who} let the {thing} go on")),
    "campaign_cancelled": (mark("Cancelled a campaign"), mark("{who} cancelled the {thing}")),
    "guardians_forgotten": (
        mark("Let a class be forgotten"),
        mark("{who} let the guardians of a class be forgotten"),
    ),
    "sign_ins_ended": (mark("Ended sign-ins"), mark("{who} ended the sign-ins of {subject}")),
}
"""What each verb is called in a list, and its sentence."""
OTHERWISE: Final = mark("{who}: {verb}, {thing}")
KINDS: Final[dict[str, str]] = {
    "region": mark("region"),
    "office": mark("office"),
    "counter": mark("counter"),
    "service": mark("service"),
    "officer": mark("officer"),
    "move": mark("move of"),
    "posting": mark("posting"),
    "kiosk": mark("kiosk"),
    "account": mark("account"),
    "sign_in": mark("sign-in"),
    "import": mark("file"),
    "month": mark("month"),
    "review": mark("review of"),
    "own_words": mark("the words on the kiosks of"),
    "slide": mark("slide"),
    "extra_element": mark("additional element"),
    "api_key": mark("API key"),
    "visit": mark("visit at"),
    "invitation": mark("invitation of"),
    "wish": mark("wish to be answered at"),
    "person": mark("person with the number"),
    "campaign": mark("campaign of"),
}
FIELDS: Final[dict[str, str]] = {
    "name": mark("name"),
    "kind": mark("kind"),
    "region_code": mark("region"),
    "office_code": mark("office"),
    "counter_code": mark("counter"),
    "officer_code": mark("officer"),
    "parent_code": mark("belongs to"),
    "from_office_code": mark("from"),
    "to_office_code": mark("to"),
    "moves_on": mark("on"),
    "timezone": mark("time zone"),
    "population": mark("service users a year"),
    "opening_hours": mark("opening hours"),
    "closed_on": mark("closed from"),
    "left_on": mark("left on"),
    "photo": mark("photo"),
    "nip_sealed": mark("NIP"),
    "own_phone_hash": mark("own phone"),
    "own_phone_sealed": mark("own number, sealed"),
    "starts_at": mark("from"),
    "ends_at": mark("until"),
    "role": mark("role"),
    "password": mark("password"),
    "tf_totp_secret": mark("second step"),
    "mf_recovery_codes": mark("recovery codes"),
    "activation_hash": mark("activation code"),
    "enrolment_hash": mark("enrolment code"),
    "token_hash": mark("device key"),
    "secret_hash": mark("secret of the key"),
    "served_at": mark("served"),
    "next_token_hash": mark("next device key"),
    "pin": mark("technician’s PIN"),
    "press_interval": mark("seconds between two ratings"),
    "idle_seconds": mark("seconds of waiting"),
    "enrolled_at": mark("enrolled"),
    "revoked_at": mark("revoked"),
    "finished": mark("finished"),
    "rows": mark("rows"),
    "new": mark("new"),
    "known": mark("known already"),
    "refused": mark("refused"),
    "changed": mark("changed"),
    "ground": mark("because of"),
    "proposed_outcome": mark("proposal"),
    "proposed_reason": mark("reason of the proposal"),
    "outcome": mark("decision"),
    "decided_reason": mark("reason of the decision"),
    "words": mark("objection"),
    "first_day": mark("from the day"),
    "last_day": mark("up to the day"),
    "proposed_first_day": mark("proposed from the day"),
    "proposed_last_day": mark("proposed up to the day"),
    "about_comment": mark("about a comment"),
    "first_at": mark("first rating"),
    "last_at": mark("last rating"),
    **OWN_WORDS,
    **extra_element_words.FIELDS,
}
COUNTED: Final[dict[str, tuple[str, str]]] = {"revisions": (mark("1 score"), mark("{count} scores"))}
"""Fields that say how many of something an act was about: of one, and of several."""
QUIET: Final = frozenset({
    "import", "username", "code", "fs_uniquifier", "created_at", "tf_primary_method", "totp_counter", "nip_hash",
    "demo", "activation_expires_at", "enrolment_expires_at", "done", "raised_at", "settled_at", "proposed_by",
    "proposed_at", "decided_by", "decided_at", "month", "kiosk_id", "raised_by",
    "picture_digest", "last_used_on",
})  # fmt: skip
"""Fields that tell a reader nothing the sentence does not say; the download has them."""
WORDS: Final[dict[str, Mapping[str, str]]] = {
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "kind": {kind.value: name for kind, name in OFFICE_KINDS.items()},
    "ground": {ground.value: words.title for ground, words in GROUNDS.items()},
    "outcome": IN_GENERAL,
    "proposed_outcome": IN_GENERAL,
    "what": {
        "officers": mark("officers"),
        "roster": mark("roster"),
        "guardians": mark("guardians"),
        "ratings": mark("ratings"),
        "outbox": mark("ratings kept on a kiosk"),
    },
}
"""What the values of a field are called."""
UNNAMED: Final = frozenset({"what"})
"""Fields whose value says enough."""
PLAIN: Final = frozenset({"added", "removed"})
"""Verbs of a thing as a whole: its yes and no are those that everything of its kind has."""
