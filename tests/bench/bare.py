"""The least a Flask app can do with a rating: parse its JSON and append it to a Redis stream."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from redis import Redis

from shared.settings import Settings

STREAM = "bare"


def create_app() -> Flask:
    """Build the app."""
    app = Flask(__name__)
    redis = Redis.from_url(Settings.from_environment().redis_address)

    @app.post("/api/ratings")
    def give() -> ResponseReturnValue:
        request.get_json()
        redis.xadd(STREAM, {"rating": request.get_data()})
        return {"status": "accepted"}, 202

    return app
