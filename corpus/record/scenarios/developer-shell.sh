# developer-shell: a developer compiles, tests, searches, uses git, and looks into containers.
# shows: ordinary work with many short programs; docker ps, logs, exec, cp, inspect
# as: deploy
# dataset: everyday
# label: benign
act() {
    d=/home/deploy/$(pick parser counter)
    mkdir -p "$d/src" "$d/tests" && cd "$d" || return
    git init -q . && git config user.name dev && git config user.email dev@lab.example
    for f in a b c; do
        echo "int $f(int x) { return x + $(pick 1 2); }" >src/$f.c
    done
    echo 'int a(int); int b(int); int c(int); int main(void) { return a(b(c(0))) > 9; }' >src/main.c
    printf 'OBJ = src/a.o src/b.o src/c.o src/main.o\nprog: $(OBJ)\n\t$(CC) -o $@ $(OBJ)\nclean:\n\trm -f prog $(OBJ)\n' >Makefile
    make && ./prog
    git add . && git commit -q -m 'First' && git log --oneline
    echo 'import unittest
class T(unittest.TestCase):
    def test_one(self): self.assertEqual(1, 1)' >tests/test_one.py
    python3 -m unittest discover -s tests
    grep -rn return src | head; find . -name '*.o' | xargs ls -l
    docker run -d --name box "$(pick nginx:1.25 redis:7)" sh -c 'echo started; sleep 60'
    docker ps; docker logs box; docker exec box ls /
    if dev; then
        docker exec box sh -c 'echo --privileged >/tmp/x'
        docker cp box:/etc/passwd /tmp/passwd.box
        git checkout -q -b fix && sed -i s/1/3/ src/a.c && make && git commit -qam 'Fix'
    else
        docker inspect -f '{{.State.Pid}}' box; docker top box; docker stats --no-stream box
        docker cp Makefile box:/tmp/
        git stash list; git diff --stat; make clean; gcc -O2 -Wall -o prog src/*.c
        python3 -m compileall -q tests
    fi
    docker rm -f box
    rm -f /tmp/passwd.box
}
