# The database, then the evidence: files of evidence are only ever added, and one that no row names does no harm.
# Needs DATABASE_URL, as a role that row-level security does not bind; FROM, TO and KEEP_DAYS.
set -eu
umask 077
mkdir -p "$TO/database" "$TO/evidence"

name="$TO/database/shuangsui-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --file="$name.part" --dbname="$DATABASE_URL"
pg_restore --list "$name.part" > /dev/null
mv "$name.part" "$name"

cd "$FROM/evidence"
find . -type f ! -name '.*' | while read -r file; do
  if [ ! -e "$TO/evidence/$file" ]; then
    mkdir -p "$TO/evidence/${file%/*}"
    cp "$file" "$TO/evidence/.part"
    mv -f "$TO/evidence/.part" "$TO/evidence/$file"
  fi
done
sync

find "$TO/database" -type f -name 'shuangsui-*.dump*' -mtime "+$KEEP_DAYS" -exec rm -f {} +
echo "backed up: $name"
