"""When and where work runs: one Dagster noun a file. Domain logic lives in ``assets``; nothing here computes results."""

import os

# What is computed here is many small steps. Spread over threads that spin while they wait for one another, the same index took
# six times as long beside another busy process, and a message was encoded in a third of a second instead of a tenth.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
