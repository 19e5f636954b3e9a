# Shared by ./konce and ./verify: finding a JDK 25, taking a lock, running Maven. Plain POSIX sh.
# The caller sets $root, the repository's folder.

JAVA_MAJOR=25

# Ends with one line, or several, on stderr.
die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Whether the folder $1 is a JDK whose major version passes the test `$major $2 $JAVA_MAJOR`. Starts no process.
is_jdk() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        major=${value%%[!0-9]*}
        [ -n "$major" ] && [ "$major" "$2" "$JAVA_MAJOR" ]
        return
    done <"$1/release"
    return 1
}

# Sets $path to $1 with its last symbolic links followed.
follow() {
    path=$1
    while [ -L "$path" ]; do
        link=$(readlink "$path")
        case $link in
            /*) path=$link ;;
            *) path=${path%/*}/$link ;;
        esac
    done
}

# Sets $jdk: KONCE_JAVA_HOME if set; else JAVA_HOME, `java` on the path, then where systems keep their JDKs;
# version 25 anywhere before a later one.
find_jdk() {
    if [ -n "${KONCE_JAVA_HOME:-}" ]; then
        is_jdk "$KONCE_JAVA_HOME" -ge && jdk=$KONCE_JAVA_HOME && return
        die "KONCE_JAVA_HOME is $KONCE_JAVA_HOME, which is not a JDK $JAVA_MAJOR."
    fi
    jdk=
    on_path=$(command -v java || :)
    if [ -n "$on_path" ]; then
        follow "$on_path"
        on_path=${path%/bin/java}
    fi
    for test in -eq -gt; do
        for jdk in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
            /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
            /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
            "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
            is_jdk "$jdk" $test && return
        done
    done
    die "Konce needs a JDK $JAVA_MAJOR, and there is none in JAVA_HOME, on the path or where systems keep them." \
        "Install one:" \
        "  Debian, Ubuntu   apt install openjdk-$JAVA_MAJOR-jdk    (or temurin-$JAVA_MAJOR-jdk from https://adoptium.net)" \
        "  Fedora           dnf install java-$JAVA_MAJOR-openjdk-devel" \
        "  macOS            brew install openjdk@$JAVA_MAJOR" \
        "  anywhere         sdk install java $JAVA_MAJOR-tem    (https://sdkman.io)" \
        "or set KONCE_JAVA_HOME, or JAVA_HOME, to the folder of one."
}

# Takes the lock, the folder $1, and waits for it, saying $2 once. It is released when the script ends.
# A lock whose owner has died is taken over.
lock() {
    mkdir -p "${1%/*}"
    said=
    until mkdir "$1" 2>/dev/null; do
        owner=$(cat "$1/pid" 2>/dev/null || :)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            # Renaming is atomic: of several takers one moves the dead owner's lock away.
            mv "$1" "$1.$$" 2>/dev/null && rm -rf "$1.$$"
            continue
        fi
        [ -n "$said" ] || printf '%s\n' "$2" >&2
        said=yes
        sleep 1
    done
    echo $$ >"$1/pid"
    locked=$1
    trap 'rm -rf "$locked"' EXIT
    trap 'stop 130' INT
    trap 'stop 143' TERM HUP
}

unlock() {
    rm -rf "$locked"
    trap - EXIT INT TERM HUP
}

# On a signal: Maven first, then ourselves, then (on exit) the lock.
stop() {
    [ -z "${maven:-}" ] || kill "$maven" 2>/dev/null || :
    exit "$1"
}

# Runs Maven on the repository with the JDK found; it reads nothing. KONCE_MAVEN_ARGS are added.
run_maven() {
    command -v mvn >/dev/null || die "Konce is built by Maven (3.8 or later), and there is no mvn on the path." \
        "Install it: apt install maven, dnf install maven, brew install maven, or https://maven.apache.org"
    # Two warnings of Maven's own libraries are kept quiet.
    JAVA_HOME=$jdk \
        MAVEN_OPTS="-Djansi.noreset=true -XX:+UseSerialGC $maven_jvm --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" \
        mvn -B -ntp -Dstyle.color=never -f "$root/pom.xml" ${KONCE_MAVEN_ARGS:-} "$@" </dev/null &
    maven=$!
    rc=0
    wait "$maven" || rc=$?
    maven=
    return $rc
}
