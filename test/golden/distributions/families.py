"""Writes families/NAME.txt of the families that have a module families/NAME.py: values of mpmath 1.3.0 at 50 digits.

    python3 test/golden/distributions/families.py [name ...] && node test/golden/distributions/sampler-bits.mjs

A module has

    COUNT, draw(rng)   how many distributions, and one of random parameters from 1e-6 to 1e6: an object like those of functions.py
    scipy(one)         SciPy's distribution of the same parameters, or None; where it is not near (NEAR), the writer says so
    CLOSED, OPEN       pairs (p, q) of such objects of which KL(p || q) has, and has not, a closed form

Of a family of vectors (VECTORS = True) the objects have call, mean, variance, entropy and log_density as well, points(rng), which gives some points,
and total(f), the integral or sum of f over all points.

The file has sections. "functions" are the lines that functions.py describes; "vectors" has a distribution's call | mean | variance | entropy, and below it a
line x | log-density of each of its points. "divergences" has p | q | KL(p || q), Renyi's divergence of order 0.3, and
whether KL is closed or open: by quadrature in the logarithm of x, or in its area sine where x may be negative, or sums. "samples" are written by
sampler-bits.mjs, and kept.
"""

import importlib.util
import pathlib
import random
import re
import sys

import mpmath as mp

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import functions  # noqa: E402

HERE = pathlib.Path(__file__).parent / "families"
NEAR = 1e-9
ORDER = mp.mpf("0.3")
LEVELS = [1e-30, 1e-12, 1e-6, 1e-3, 0.03, 0.2, 0.5]


def module_of(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(one, pairs):
    """Says where SciPy's values are not near ours."""
    for what, ours, scipy in pairs:
        same = float(ours) == scipy or (mp.isnan(ours) and scipy != scipy)
        if not same and not abs(float(ours) - scipy) <= NEAR * max(1e-3, abs(float(ours))):
            print(f"SciPy: {one.call} {what}: {scipy}, not {float(ours)}", file=sys.stderr)


def check_vectors(module, name):
    rng = random.Random(f"{name} SciPy")
    for _ in range(4):
        one = module.draw(rng)
        theirs = module.scipy(one)
        if theirs is None:
            return
        covariance = theirs.cov()
        pairs = [("entropy", one.entropy, theirs.entropy())]
        for k, (mean, variance) in enumerate(zip(one.mean, one.variance)):
            pairs += [(f"mean[{k}]", mean, theirs.mean()[k]), (f"variance[{k}]", variance, covariance[k][k])]
        log = theirs.logpmf if hasattr(theirs, "logpmf") else theirs.logpdf
        pairs += [(f"log-density at {x}", one.log_density(x), float(log(x))) for x in one.points(rng)]
        said(one, pairs)


def check(module, name):
    """Says where SciPy is not near."""
    rng = random.Random(f"{name} SciPy")
    for _ in range(4):
        one = module.draw(rng)
        theirs = module.scipy(one)
        if theirs is None:
            return
        log = theirs.logpmf if one.whole else theirs.logpdf
        pairs = [("mean", one.mean, theirs.mean()), ("variance", one.variance, theirs.var())]
        pairs += [("entropy", one.entropy, theirs.entropy())] if one.entropy is not None else []
        for p in (0.01, 0.3, 0.9):
            x = functions.f32(theirs.ppf(p))
            lower, upper, _, log_upper = one.tails(mp.mpf(x))
            pairs += [(f"log-density at {x}", one.log_density(mp.mpf(x)), log(x)), (f"cdf({x})", lower, theirs.cdf(x))]
            pairs += [(f"survival({x})", upper, theirs.sf(x)), (f"logSurvival({x})", log_upper, theirs.logsf(x))]
        said(one, pairs)


def vector_lines(name, module):
    rng = random.Random(f"{name} 20261130")
    words = lambda values: " ".join(map(functions.text, values))
    for _ in range(module.COUNT):
        one = module.draw(rng)
        yield f"{one.call} | {words(one.mean)} | {words(one.variance)} | {functions.text(one.entropy)}"
        for x in one.points(rng):
            yield f"{words(x)} | {functions.text(one.log_density(x))}"


def total(f, p, q):
    """The integral of f, or its sum over whole numbers, from p's lowest value to its highest."""
    if hasattr(p, "total"):
        return p.total(f)
    if p.whole:
        return mp.nsum(lambda k: f(k), [p.low, p.high])
    marks = [mp.mpf(x) for one in (p, q) for u in LEVELS for x in (one.guess(u, 1 - u), one.guess(1 - u, u))]
    inside = [x for x in marks if p.low < x < p.high and mp.isfinite(x)]
    if p.low > -mp.inf and p.high < mp.inf:
        return mp.quad(f, [p.low, *sorted(set(inside)), p.high])
    # Distances from a finite end by their logarithms, else area sines: heavy tails are light in them.
    if p.low > -mp.inf:
        back, out, slope, ends = (lambda u: p.low + mp.exp(u)), (lambda x: mp.log(x - p.low)), mp.exp, (-200, 600)
    elif p.high < mp.inf:
        back, out, slope, ends = (lambda u: p.high - mp.exp(u)), (lambda x: mp.log(p.high - x)), mp.exp, (-200, 600)
    else:
        back, out, slope, ends = mp.sinh, mp.asinh, mp.cosh, (-600, 600)
    middle = sorted({out(x) for x in inside})
    steps = [20, 60, 150]
    nodes = [ends[0], *(middle[0] - s for s in reversed(steps)), *middle, *(middle[-1] + s for s in steps), ends[1]]
    return mp.quad(lambda u: f(back(u)) * slope(u), sorted({min(max(n, ends[0]), ends[1]) for n in nodes}))


def kl(p, q):
    def term(x):
        own = p.log_density(x)
        return functions.exp(own) * (own - q.log_density(x)) if own > -mp.inf else mp.mpf(0)

    if not hasattr(p, "total") and (q.low > p.low or q.high < p.high):
        return mp.inf
    return total(term, p, q)


def renyi(p, q):
    def term(x):
        if not hasattr(p, "total") and not (q.low <= x <= q.high):
            return mp.mpf(0)
        return functions.exp(ORDER * p.log_density(x) + (1 - ORDER) * q.log_density(x))

    return mp.log(total(term, p, q)) / (ORDER - 1)


def divergence_lines(module):
    with mp.workdps(30):
        for kind, pairs in (("closed", module.CLOSED), ("open", module.OPEN)):
            for p, q, *infinite in pairs:
                nats = mp.inf if infinite else kl(p, q)
                yield f"{p.call} | {q.call} | {functions.text(nats)} {functions.text(renyi(p, q))} {kind}"


def kept(path):
    """The samples' section."""
    found = re.search(r"^# samples.*", path.read_text(), re.S | re.M) if path.exists() else None
    return found.group(0) if found else ""


def main():
    for name in sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.py")):
        module = module_of(name)
        vectors = getattr(module, "VECTORS", False)
        (check_vectors if vectors else check)(module, name)
        path = HERE / f"{name}.txt"
        samples = kept(path)
        if vectors:
            text = ["# vectors: call | mean | variance | entropy, x | log-density", *vector_lines(name, module)]
        else:
            text = ["# functions: see functions.py", *functions.family_lines(name, module.COUNT, module.draw)]
        text += ["# divergences: p | q | KL(p || q) and Rényi's divergence of order 0.3", *divergence_lines(module)]
        path.write_text("\n".join(text) + "\n" + samples)


main()
