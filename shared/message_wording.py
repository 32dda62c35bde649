"""What the fates of messages, their causes, purposes and ways are called."""

from collections.abc import Mapping
from typing import Final

from shared.domain.failures import Cause
from shared.domain.outreach import Purpose
from shared.domain.ratings import Channel
from shared.i18n import mark
from shared.message_figures import Fate

FATES: Final[Mapping[Fate, str]] = {
    Fate.DELIVERED: mark("arrived"),
    Fate.ON_ITS_WAY: mark("sent, not confirmed yet"),
    Fate.UNCONFIRMED: mark("sent, never confirmed"),
    Fate.WAITING: mark("waiting to be sent"),
    Fate.FAILED: mark("did not arrive"),
    Fate.NOT_SENT: mark("not sent any more"),
}
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.NO_SUCH_NUMBER: mark("the number does not exist, or takes no messages"),
    Cause.SWITCHED_OFF: mark("the telephone was off or out of reach"),
    Cause.REFUSED: mark("the person told their network that they want none"),
    Cause.NOT_ON_WHATSAPP: mark("the person cannot be reached by WhatsApp"),
    Cause.BLOCKED: mark("the network did not let it through"),
    Cause.PROVIDER_AWAY: mark("the provider could not be reached, or did not accept us"),
    Cause.NOT_NEEDED: mark("withdrawn, answered already, or no messages wanted"),
    Cause.TOO_LATE: mark("could not leave before the invitation was over"),
    Cause.OTHER: mark("the provider did not say why"),
}
PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.INVITATION: mark("invitation"),
    Purpose.REMINDER: mark("reminder"),
}
WAYS: Final[Mapping[Channel, str]] = {Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
