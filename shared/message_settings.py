"""The settings of messages: how we reach people, how fast, and what it costs."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from shared.domain.ratings import Channel


class MessageSettings(BaseSettings):
    """What an operator may decide about messages."""

    sms_public_url: str | None = Field(
        default=None,
        description="Address at which the provider reaches the webhooks; it is what gets signed.",
    )
    twilio_account_sid: str | None = Field(default=None, description="Twilio account that sends the webhooks.")
    twilio_auth_token: SecretStr | None = Field(default=None, description="Checks Twilio's signature; empty: 403.")
    twilio_number: str | None = Field(default=None, description="Number residents write to, shown in instructions.")
    twilio_whatsapp_number: str | None = Field(
        default=None, description="WhatsApp number of that account; empty: no invitations by WhatsApp."
    )
    twilio_sms_sender: str | None = Field(
        default=None, description="Registered sender of one-way SMS; empty: `TWILIO_NUMBER`."
    )
    twilio_url: str | None = Field(default=None, description="Another address for Twilio's API; empty: Twilio's own.")
    twilio_invitation_id: str | None = Field(
        default=None, description="ContentSid of the approved WhatsApp invitation, in Indonesian."
    )
    twilio_invitation_en: str | None = Field(default=None, description="The same in English.")
    twilio_reminder_id: str | None = Field(
        default=None, description="ContentSid of the approved WhatsApp reminder, in Indonesian."
    )
    twilio_reminder_en: str | None = Field(default=None, description="The same in English.")
    sms_by: str = Field(default="console", description="What sends SMS: `twilio`, `gateway` or `console` (nobody).")
    sms_two_way: bool = Field(
        default=False, description="`true` where people can reply to our SMS; invitations say so then."
    )
    gateway_url: str | None = Field(default=None, description="Where a domestic gateway takes messages to send.")
    gateway_secret: SecretStr | None = Field(
        default=None, description="Signs what goes to and comes from the domestic gateway (HMAC-SHA256)."
    )
    gateway_fields: str = Field(
        default="id=id to=to text=text from=from status=status error=error",
        description="Our names of a domestic gateway's fields and its own, as `ours=theirs`.",
    )
    messages_per_second: float = Field(default=5, gt=0, le=1000, description="Messages sent a second, at most.")
    segments_per_day: int = Field(default=5000, ge=0, description="SMS segments sent a day, at most; replies go on.")
    sms_rupiah: int = Field(default=400, ge=0, description="What a segment of SMS costs, in rupiah.")
    whatsapp_rupiah: int = Field(default=360, ge=0, description="What a WhatsApp message costs, in rupiah.")
    invite_after_minutes: int = Field(default=60, ge=0, description="How long after a visit its person is asked.")
    remind_after_hours: int = Field(default=48, ge=1, description="How long after that they are reminded, once.")
    invitation_days: int = Field(default=7, ge=1, le=31, description="How long an invitation can be answered.")

    def price(self, channel: Channel, segments: int) -> int:
        """Return what one message of ours costs, in rupiah: by the segment, but WhatsApp by the message."""
        return self.whatsapp_rupiah if channel is Channel.WHATSAPP else segments * self.sms_rupiah

    @field_validator("sms_by")
    @classmethod
    def _known_sender(cls, value: str) -> str:
        if value not in {"twilio", "gateway", "console"}:
            raise ValueError("use twilio, gateway or console")
        return value

    @field_validator("gateway_fields")
    @classmethod
    def _pairs(cls, value: str) -> str:
        if any(len(pair.split("=")) != 2 or not all(pair.split("=")) for pair in value.split()):
            raise ValueError("write pairs like text=message to=msisdn, with spaces between")
        return value
