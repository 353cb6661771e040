import numpy as np
rng = np.random.default_rng(7)
f32 = lambda a: np.asarray(a, np.float32).astype(np.float64)
show = lambda a: "[" + ", ".join(repr(float(x)) for x in np.ravel(a)) + "]"
T, n, gamma, lam = 6, 3, 0.99, 0.95
r, v = f32(rng.normal(size=(T, n))), f32(rng.normal(size=(T + 1, n)))
dones = (rng.random((T, n)) < 0.3).astype(float)
# CleanRL's loop, where dones[t] here is its dones[t + 1], and next_done for the last
adv = np.zeros((T, n)); last = 0
for t in reversed(range(T)):
    live = 1.0 - dones[t]
    delta = r[t] + gamma * v[t + 1] * live - v[t]
    adv[t] = last = delta + gamma * lam * live * last
print("gae", show(r), show(v), show(dones), show(adv), show(adv + v[:-1]), sep="\n")
flat = f32(adv).ravel()
print("norm", show(flat), show((flat - flat.mean()) / (flat.std(ddof=1) + 1e-8)), sep="\n")
# DreamerV3's lambda_return, time first
H, disc, lam = 5, 1 - 1 / 333, 0.95
rew, boot = f32(rng.normal(size=(H + 1, 2))), f32(rng.normal(size=(H + 1, 2)))
term, lst = f32(rng.random((H + 1, 2)) * (rng.random((H + 1, 2)) < 0.6)), (rng.random((H + 1, 2)) < 0.3).astype(float)
live = (1 - term[1:]) * disc
cont = (1 - lst[1:]) * lam
interm = rew[1:] + (1 - cont) * live * boot[1:]
rets = [boot[-1]]
for t in reversed(range(H)):
    rets.append(interm[t] + live[t] * cont[t] * rets[-1])
print("lambda", show(rew), show(boot), show(term), show(lst), show(np.stack(list(reversed(rets))[:-1])), sep="\n")
