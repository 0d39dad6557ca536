# The roles of the platform and its database; run once, by the image of PostgreSQL, in an empty data folder.
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=owner="$OWNER_PASSWORD" --set=app="$APP_PASSWORD" --set=worker="$WORKER_PASSWORD" \
  --set=backup="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE shuangsui_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE shuangsui_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
CREATE ROLE shuangsui_worker LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'worker';
CREATE ROLE shuangsui_backup LOGIN NOSUPERUSER BYPASSRLS PASSWORD :'backup';
GRANT pg_read_all_data TO shuangsui_backup;
CREATE DATABASE shuangsui OWNER shuangsui_owner;
REVOKE ALL ON DATABASE shuangsui FROM PUBLIC;
GRANT CONNECT ON DATABASE shuangsui TO shuangsui_app, shuangsui_worker, shuangsui_backup;
SQL
