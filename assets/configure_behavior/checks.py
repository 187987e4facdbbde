"""Claims about stage 3. What is red here keeps a release from being made current."""

import dagster as dg
import pandas as pd

from orchestration.asset_checks import contract_result
from orchestration.previews import preview
from orchestration.resources import DeskResource, EncoderResource


@dg.asset_check(
    asset="behavior_spec",
    blocking=True,
    description="Great Expectations: versions are named by their content, one is on file, and it has triggers and a voice.",
)
def behavior_spec_contract(
    context: dg.AssetCheckExecutionContext, behavior_spec: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every version."""
    return contract_result(context, desk, "behavior_spec_contract", behavior_spec)


@dg.asset_check(asset="behavior_spec", description="The spec on file is signed in every role the desk asks for.")
def behavior_is_signed(behavior_spec: pd.DataFrame) -> dg.AssetCheckResult:
    """A warning: a release to measure may be built on an unsigned spec, and none can be made current."""
    current = behavior_spec[behavior_spec["is_current"]].iloc[0]
    missing = ", ".join(current["missing_roles"])
    return dg.AssetCheckResult(
        passed=bool(current["is_signed"]),
        severity=dg.AssetCheckSeverity.WARN,
        description=None if current["is_signed"] else f"still to sign: {missing}; understudy sign-off behavior",
    )


@dg.asset_check(
    asset="behavior_spec",
    blocking=True,
    description="Every trigger fires on the examples it must fire on, and on none that it must not.",
)
def triggers_pass_their_suite(behavior_spec: pd.DataFrame) -> dg.AssetCheckResult:
    """Run the suite that the spec carries."""
    from assets.configure_behavior.behavior.spec_versions import current_spec
    from assets.configure_behavior.triggers.trigger_suite import run_suite

    results = run_suite(current_spec(behavior_spec))
    failed = [str(one) for one in results if not one.passed]
    return dg.AssetCheckResult(
        passed=not failed,
        description="; ".join(failed[:3]) or None,
        metadata={
            "examples": len(results),
            "failed": dg.MetadataValue.md("\n".join(f"- {one}" for one in failed) or "none"),
        },
    )


@dg.asset_check(asset="behavior_spec", description="The example replies keep to the tone and length they set.")
def examples_keep_to_the_tone(behavior_spec: pd.DataFrame) -> dg.AssetCheckResult:
    """Measure each example reply against the spec's own bounds."""
    from assets.configure_behavior.behavior.spec_versions import current_spec
    from assets.configure_behavior.behavior.tone_bounds import tone_problems

    spec = current_spec(behavior_spec)
    found = [
        f"{one.situation}: {problem}"
        for one in spec.examples
        for problem in tone_problems(one.reply, spec, one.language)
    ]
    return dg.AssetCheckResult(passed=not found, description="; ".join(found[:3]) or None)


@dg.asset_check(
    asset="confidence_thresholds",
    blocking=True,
    description="Great Expectations: no threshold without the bound that proves it, only where answers are allowed.",
)
def confidence_thresholds_contract(
    context: dg.AssetCheckExecutionContext, confidence_thresholds: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every category and risk."""
    return contract_result(context, desk, "confidence_thresholds_contract", confidence_thresholds)


@dg.asset_check(
    asset="calibrated_answers",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="Thresholds are certified on calibration tickets alone, confidence is learnt from training tickets alone.",
)
def calibration_keeps_to_its_tickets(
    calibrated_answers: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """Look up the side of every ticket that was used, and for what."""
    from assets.configure_behavior.confidence.calibrate_confidence import CERTIFIES

    certifies = calibrated_answers["part"] == CERTIFIES
    side = _sides(calibrated_answers, ticket_splits)
    return _none_outside(side == certifies.map({True: "calibration", False: "train"}))


@dg.asset_check(
    asset="regression_set",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No ticket that a release is held to lies on the holdout, which is kept to measure it.",
)
def regression_set_knows_no_holdout_ticket(
    regression_set: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """Look up the side of every frozen ticket."""
    return _none_outside(_sides(regression_set, ticket_splits).isin(["calibration", "train"]))


@dg.asset_check(
    asset="agent_release",
    blocking=True,
    description="Great Expectations: releases are named by their recipe, on a named spec and encoder.",
)
def agent_release_contract(
    context: dg.AssetCheckExecutionContext, agent_release: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every release."""
    return contract_result(context, desk, "agent_release_contract", agent_release)


@dg.asset_check(
    asset="agent_release",
    blocking=True,
    description="The newest release and the current one are what was built: every hash, and every regression decision.",
)
def every_release_is_verified(
    agent_release: pd.DataFrame, desk: DeskResource, encoder: EncoderResource
) -> dg.AssetCheckResult:
    """Verify them whole, and of every other release the hashes of its files."""
    from orchestration.release_standing import verify_releases

    found = verify_releases(desk.desk, agent_release["release_id"].tolist(), encoder.load())
    problems = pd.DataFrame(
        [(name, one) for name, every in found.items() for one in every], columns=["release", "problem"]
    )
    return dg.AssetCheckResult(
        passed=problems.empty,
        description="; ".join(problems["problem"].head(3)) or None,
        metadata={"releases": len(found), "problems": preview(problems)},
    )


def _sides(tickets: pd.DataFrame, splits: pd.DataFrame) -> pd.Series:
    return tickets["ticket_id"].map(splits.set_index("ticket_id")["split"])


def _none_outside(is_where_it_belongs: pd.Series) -> dg.AssetCheckResult:
    outside = int((~is_where_it_belongs).sum())
    return dg.AssetCheckResult(passed=not outside, metadata={"tickets": len(is_where_it_belongs), "outside": outside})
