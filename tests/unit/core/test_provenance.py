"""What a run leaves behind about itself."""


def test_each_run_leaves_its_provenance(collection):
    (run,) = collection.runs()
    assert run["status"] == "finished"
    measure = next(stage for stage in run["stages"] if stage["group"] == "measure")
    assert measure["settings"] == {"name": "measure", "version": "1", "factor": 1}
    assert measure["n_done"] == 20
    assert measure["key"] == collection.configuration.stage("measure").digest()
    assert {"wunderkammer", "numpy"} <= set(run["software"])


def test_runs_come_newest_first_and_idle_ones_leave_nothing(collection):
    collection.run()
    assert len(collection.runs()) == 1
    collection.annotate(
        [
            {
                "media_id": collection.query("FROM media").to_pylist()[0]["media_id"],
                "term": "country",
                "value": "a longer country",
            }
        ]
    )
    collection.run()
    newest, oldest = collection.runs()
    assert newest["started"] >= oldest["started"]
    assert newest["stages"][1]["n_done"] == 0
