"""The least a Flask app can do with a message: check its signature, append it to a Redis stream, answer."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from redis import Redis
from twilio.request_validator import RequestValidator

from shared.settings import Settings

STREAM = "bare"
ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Terima kasih.</Message></Response>'


def create_app() -> Flask:
    """Build the app."""
    app = Flask(__name__)
    settings = Settings.from_environment()
    redis = Redis.from_url(settings.redis_address)
    token = settings.twilio_auth_token
    validator = RequestValidator(token.get_secret_value() if token else "")

    @app.post("/sms/twilio")
    def take() -> ResponseReturnValue:
        address = f"{settings.message_address}{request.path}"
        if not validator.validate(address, request.form, request.headers.get("X-Twilio-Signature", "")):
            return "", 403
        redis.xadd(STREAM, {"message": request.get_data()})
        return ANSWER, 200, {"Content-Type": "text/xml"}

    return app
