"""How Dagster hands frames from asset to asset: Parquet in the lake, one file an asset.

Does not belong here: the layout (``lake``); streaming assets such as ``raw_tickets`` write their own partitions.
"""

import dagster as dg
import pandas as pd

from orchestration.lake import Lake, NotMaterialised, read_parquet, write_parquet
from orchestration.resources import DeskResource


class LakeIOManager(dg.ConfigurableIOManager):
    """Frames as Parquet under ``lake/``; a dbt mart or private table is read from where dbt published it."""

    desk: dg.ResourceDependency[DeskResource]

    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame) -> None:
        """Write a frame atomically and attach rows, columns and place to the materialisation."""
        file = self._lake.folder / f"{context.asset_key.path[-1]}.parquet"
        size = write_parquet(obj, file)
        context.add_output_metadata(
            {
                "dagster/row_count": len(obj),
                "path": dg.MetadataValue.path(str(file)),
                "bytes": size,
                "dagster/column_schema": dg.TableSchema(
                    columns=[dg.TableColumn(str(name), str(dtype)) for name, dtype in obj.dtypes.items()]
                ),
            }
        )

    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """Read the upstream asset's frame; a never-written one is a clear error."""
        name = context.asset_key.path[-1]
        file = self._lake.file(name)
        if not file.is_file():
            raise NotMaterialised(f"'{name}' has not been materialised yet; materialise it first, or the whole stage")
        return read_parquet(file)

    @property
    def _lake(self) -> Lake:
        return self.desk.lake
