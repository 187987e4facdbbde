"""When and where work runs: one Dagster noun a file. Domain logic lives in ``assets``; nothing here computes results."""

import os

# Linear algebra here is many small steps. Spread over threads they wait for one another: beside any other busy process the
# same index took six times as long (`docs/explanation/knowledge.md`). Encoding keeps its threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
