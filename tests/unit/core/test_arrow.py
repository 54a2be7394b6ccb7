"""Arrow takes lists without loading pandas, and still makes data frames."""

import subprocess
import sys
import textwrap

CODE = textwrap.dedent(
    """
    import sys
    from wunderkammer.core.arrow import spare_pandas
    spare_pandas()
    import pyarrow as pa
    table = pa.table({"n": pa.array([1, None]), "text": ["a", "b"]})
    print("pandas" in sys.modules, table.num_rows)
    print(table.to_pandas()["text"].tolist(), "pandas" in sys.modules)
    import pandas
    print(pa.array(pandas.Series([1.0, float("nan")])).null_count)
    """
)


def test_pandas_is_loaded_when_somebody_asks_for_it_and_not_before():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False 2", "['a', 'b'] True", "1"]
