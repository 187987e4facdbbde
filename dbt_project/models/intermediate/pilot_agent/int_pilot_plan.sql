-- The plan that was registered counts, not a file that was changed under way: otherwise a pilot could move its own bar.
select
    pilot_id,
    pilot_hash,
    as_of,
    shadow_start,
    rollout_start,
    settle_days::integer as settle_days,
    resolution_kind
from {{ source('lake', 'pilot_plan') }}
where
    pilot_id = (
        select current_plan.pilot_id
        from {{ source('lake', 'pilot_plan') }} as current_plan
        where current_plan.is_current
    )
    and (is_current or pilot_hash = registered_hash)
qualify
    row_number() over (
        order by
            coalesce(pilot_hash = registered_hash, false) desc,
            is_current desc,
            first_seen_as_of desc,
            pilot_hash asc
    ) = 1
