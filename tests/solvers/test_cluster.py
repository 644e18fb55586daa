"""The same call on a cluster: joblib moves sampling to Dask, a worker dies in the middle, the answer stays."""

from __future__ import annotations

import os
import threading
import time
import warnings

import numpy as np
import pytest

from gametheory.games.pooled_loads import PooledLoads
from gametheory.solvers.coalitional.sampling import SampledShapley

distributed = pytest.importorskip("distributed", reason="extra [cluster]")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore:.*:UserWarning")
def test_a_worker_that_dies_changes_nothing() -> None:
    import joblib

    rng = np.random.default_rng(2)
    game = PooledLoads([f"m{i}" for i in range(50)], rng.normal(size=(50, 500)), [0.5] * 500, [0.25] * 500)
    solver = SampledShapley(units=4096, interval="student", seed=3)
    alone = solver.solve(game)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        before = dict(client.run(os.getpid))
        victim = next(iter(before.values()))
        answers = []

        def work() -> None:
            with joblib.parallel_config(backend="dask", client=client), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answers.append(solver.solve(game))

        thread = threading.Thread(target=work)
        thread.start()
        while not any(client.processing().values()):
            time.sleep(0.01)
        os.kill(victim, 9)
        thread.join()
        assert victim not in client.run(os.getpid).values()
    assert answers[0].profile == alone.profile
