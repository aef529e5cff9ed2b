# Runs the PostgreSQL that the test binaries of one run share, for as long as one of them lives, and cleans up. The
# first of them starts this, detached, as the user that PostgreSQL runs as. Every one of them holds a shared lock on the
# file "users"; the kernel releases it however they end.
# Arguments: folder, seconds to linger, folder of the binaries, then the arguments of postgres.
folder=$1 linger=$2 bin=$3
shift 3
cd "$folder" || exit 1
exec 9<users 8<watch
flock -n -x 8 || exit 1 # held while this runs, so that a folder without it is known for stale

(
  "$bin/initdb" -D data -U postgres --encoding=UTF8 --locale=C --no-sync --auth-local=trust --auth-host=reject &&
    "$bin/postgres" "$@"
  : >ended
) 9<&- 8<&- &

# Packages are tested one after another: the next may come in a moment.
while :; do
  flock -x 9
  flock -u 9
  sleep "$linger"
  flock -n -x 9 && break
done

# From here to the end nobody new gets in: they wait for the lock, then find another file in its place.
until [ -e ended ]; do
  kill -QUIT "$(head -n 1 data/postmaster.pid)"
  sleep 0.05
done 2>/dev/null
gone=$folder.gone.$$
mv "$folder" "$gone" && rm -rf "$gone"
