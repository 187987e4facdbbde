"""What every page stands on."""

from __future__ import annotations

import pytest

from desk.loading import DeskError
from tests.service.identity.doorways import Clock
from tests.service.small_gate import DESK, served


def test_a_page_has_its_frame_while_a_file_of_the_desk_is_wrong(tmp_path):
    with served(tmp_path, Clock()) as (service, client):
        assert service.company == "Lindwurm (fictional)"
        (tmp_path / "desk.yaml").write_text(DESK + "nonsense: 1\n")
        assert service.company == ""
        assert client.get("/login").status_code == 200
        with pytest.raises(DeskError):
            _ = service.desk
