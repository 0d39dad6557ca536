"""Whether a worker could work now: its role can reach the database. Run in the worker's container."""

import sys

from shuangsui import db
from shuangsui.settings import Settings
from shuangsui.web import health

settings = Settings()
sys.exit(not health.parts(settings, db.engine(settings))["database"])
