"""Our intervals, tests and bootstrap against SciPy's and against a second writing of the bootstrap.

    scipy_check.py HELPER     HELPER is build/tests/differential/interval; prints what differs most, then the counts
"""
import bisect
import math
import random
import subprocess
import sys

from scipy import special, stats

MASK = (1 << 64) - 1
SEED = 0x6D657773
ABSOLUTE = 1e-9   # what is asked of probabilities
RELATIVE = 1e-9   # and of small ones, where SciPy itself is that good


def exact(k, n, low_tail=0.025, high_tail=0.025):
    if n == 0:
        return (math.nan, math.nan)
    low = 0.0 if k == 0 else float(stats.beta.ppf(low_tail, k, n - k + 1))
    high = 1.0 if k == n else float(stats.beta.isf(high_tail, k + 1, n - k))
    return (low, high)


def poisson(k, confidence):
    tail = (1 - confidence) / 2
    return (float(stats.chi2.ppf(tail, 2 * k) / 2) if k else 0.0, float(stats.chi2.isf(tail, 2 * k + 2) / 2))


def mcnemar(a, b):
    if a + b == 0:
        return (1.0,)
    return (float(stats.binomtest(a, a + b, 0.5).pvalue),)


class SplitMix64:
    """Steele, Lea, Flood 2014."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def by_hours(hours):
    """docs/measures.md, "By hours", written again from the text."""
    numerator, denominator = (sum(h[i] for h in hours) for i in (0, 1))
    if denominator == 0:
        return (math.nan,) * 3
    value = numerator / denominator
    affected = [h for h in hours if h[0] > 0]
    if len(affected) < 5:
        low, high = exact(len(affected), sum(1 for h in hours if h[1] > 0))
        seen = sum(h[1] for h in affected)
        low *= numerator / seen if seen else 1.0
        return (value, min(low, value), max(high, value))
    source, rates = SplitMix64(SEED), []
    for _ in range(1000):
        drawn = [hours[((source.next() >> 32) * len(hours)) >> 32] for _ in hours]
        below = sum(h[1] for h in drawn)
        bisect.insort(rates, sum(h[0] for h in drawn) / below if below else 0.0)
    return (value, min(rates[int(0.025 * 999)], value), max(rates[math.ceil(0.975 * 999)], value))


def counts(rng):
    """k of n: all small ones, the edges of large ones, and many between."""
    pairs = [(k, n) for n in range(0, 41) for k in range(0, n + 1)]
    for n in (50, 64, 99, 100, 365, 1000, 4096, 10**4, 54962, 10**5, 10**6):
        pairs += [(k, n) for k in {0, 1, 2, 3, 5, n // 10, n // 3, n // 2, n - n // 10, n - 3, n - 2, n - 1, n} if 0 <= k <= n]
    for _ in range(1500):
        n = int(10 ** rng.uniform(0, 6))
        pairs.append((rng.randint(0, n), n))
    for _ in range(500):
        n = int(10 ** rng.uniform(3, 6))
        pairs.append((int(10 ** rng.uniform(0, math.log10(n))), n))
    return pairs


def questions(rng):
    pairs = counts(rng)
    for k, n in pairs:
        yield f"exact {k} {n}", lambda k=k, n=n: exact(k, n), "close"
    for k, n in pairs[::3]:
        for confidence in (0.9, 0.95, 0.99):
            tail = (1 - confidence) / 2
            yield f"bounds {k} {n} {confidence}", lambda k=k, n=n, t=tail: exact(k, n, t, t), "close"
    for k in list(range(0, 60)) + [int(10 ** rng.uniform(1, 6)) for _ in range(200)]:
        for confidence in (0.9, 0.95, 0.99):
            yield f"poisson {k} {confidence}", lambda k=k, c=confidence: poisson(k, c), "relative"
    discordant = [(a, b) for a in range(0, 31) for b in range(0, 31)]
    discordant += [(int(10 ** rng.uniform(0, 6)), int(10 ** rng.uniform(0, 6))) for _ in range(300)]
    for _ in range(700):
        n = int(10 ** rng.uniform(1, 6))
        a = min(n, max(0, int(rng.gauss(n / 2, 2 * math.sqrt(n)))))
        discordant.append((a, n - a))
    for a, b in discordant:
        yield f"mcnemar {a} {b}", lambda a=a, b=b: mcnemar(a, b), "close"
    for _ in range(1500):
        a, b, x = 10 ** rng.uniform(-0.3, 6), 10 ** rng.uniform(-0.3, 6), None
        mean, spread = a / (a + b), math.sqrt(a * b / (a + b) ** 2 / (a + b + 1))
        x = min(1 - 1e-12, max(1e-12, rng.gauss(mean, 3 * spread)))
        yield f"cumulative {a!r} {b!r} {x!r}", lambda a=a, b=b, x=x: (float(special.betainc(a, b, x)),), "close"
    for _ in range(1500):
        a, b = float(int(10 ** rng.uniform(0, 6))), float(int(10 ** rng.uniform(0, 6)))
        p = rng.choice((0.005, 0.01, 0.025, 0.05, 0.5, 0.95, 0.975, 0.99, rng.random()))
        yield f"quantile {a!r} {b!r} {p!r}", lambda a=a, b=b, p=p: (float(special.betaincinv(a, b, p)),), "close"
    for _ in range(120):
        hours = [(0, rng.randint(0, 400)) for _ in range(rng.randint(1, 200))]
        for i in range(len(hours)):
            if rng.random() < rng.choice((0.02, 0.3)):
                hours[i] = (rng.randint(0, hours[i][1]), hours[i][1])
        few = sum(1 for h in hours if h[0]) < 5
        yield "hours " + " ".join(f"{n}/{d}" for n, d in hours), lambda h=hours: by_hours(h), "close" if few else "same"
    for seed in (0, 1, SEED, 1234567, MASK):
        source = SplitMix64(seed)
        yield f"random {seed} 50", lambda s=source: tuple(s.next() for _ in range(50)), "whole"


def verdict(ours, theirs, how):
    """How far apart they are, in units of what is allowed: up to 1 is good."""
    if how in ("same", "whole"):
        return 0.0 if all(a == b or (a != a and b != b) for a, b in zip(ours, theirs)) and len(ours) == len(theirs) else math.inf
    worst = 0.0
    for a, b in zip(ours, theirs):
        if a != a or b != b:
            worst = max(worst, 0.0 if a != a and b != b else math.inf)
            continue
        worst = max(worst, abs(a - b) / ABSOLUTE if how != "relative" else 0.0)
        if abs(b) > 1e-290:
            worst = max(worst, abs(a - b) / abs(b) / RELATIVE)
    return worst


def main():
    asked = list(questions(random.Random(20261126)))
    text = "\n".join(question for question, _, _ in asked) + "\n"
    lines = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(lines) != len(asked):
        sys.exit(f"{len(lines)} answers to {len(asked)} questions")
    kinds, failed = {}, 0
    for (question, answer, how), line in zip(asked, lines):
        ours = tuple((int if how == "whole" else float)(word) for word in line.split())
        theirs = answer()
        far = verdict(ours, theirs, how)
        kind = kinds.setdefault(question.split()[0], [0, 0.0, ""])
        kind[0] += 1
        if far > kind[1]:
            kind[1:] = [far, question]
        if far > 1:
            failed += 1
            if failed <= 10:
                print(f"FAILED: {question[:90]}: ours {ours[:3]}, theirs {theirs[:3]}")
    for name, (count, far, question) in kinds.items():
        print(f"{name}: {count} cases, farthest {far:.2g} of what is allowed ({question[:60]})")
    print(f"{len(asked) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
