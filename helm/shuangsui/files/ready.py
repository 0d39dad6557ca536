"""Whether a worker could work now: its role reaches the database. Run in the worker's container, so it loads little."""

import os

import psycopg

with psycopg.connect(os.environ["SHUANGSUI_DATABASE_URL"], connect_timeout=10) as connection:
    connection.execute("SELECT 1")
