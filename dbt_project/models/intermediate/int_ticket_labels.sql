with settings as (

    select
        list(key) filter (where field = '_labels_from') as label_fields,
        coalesce(bool_and(lower(key) in ('true', '1', 'yes')) filter (where field = '_labels_from_tags'), true)
            as are_tags_labels,
        coalesce(list({{ label_key('key') }}) filter (where field = '_label_ignored'), []) as ignored_keys
    from {{ source('lake', 'desk_fields') }}
    where field like '\_%' escape '\'

),

label_names as (

    select
        category_id,
        unnest(cast(labels as varchar [])) as label_name,
        1 as precedence
    from {{ source('lake', 'accepted_categories') }}
    union all
    select
        category_id,
        category_id as label_name,
        2 as precedence
    from {{ source('lake', 'accepted_categories') }}
    union all
    select
        category_id,
        unnest(cast(merged_from as varchar [])) as label_name,
        3 as precedence
    from {{ source('lake', 'accepted_categories') }}

),

accepted as (

    select
        {{ label_key('label_name') }} as label_key,
        min_by(category_id, (precedence, category_id)) as category_id
    from label_names
    where {{ label_key('label_name') }} is not null
    group by 1

),

values_of_fields as (

    select
        fields.ticket_id,
        fields.value,
        case when fields.field = 'topic' then 0 else 1 end as rank,
        fields.field as tie_breaker,
        coalesce(list_contains(settings.label_fields, fields.field), false) as names_a_category,
        settings.ignored_keys
    from {{ ref('int_ticket_fields') }} as fields
    cross join settings
    where fields.field = 'topic' or list_contains(settings.label_fields, fields.field)

),

values_of_tags as (

    select
        tickets.ticket_id,
        unnest(tickets.tags) as value,
        2 as rank,
        false as names_a_category,
        settings.ignored_keys
    from {{ ref('int_tickets_unioned') }} as tickets
    cross join settings
    where settings.are_tags_labels

),

candidates as (

    select * from values_of_fields
    union all by name
    select
        *,
        value as tie_breaker
    from values_of_tags

),

resolved as (

    select
        candidates.ticket_id,
        candidates.rank,
        candidates.tie_breaker,
        accepted.category_id is not null as is_accepted,
        candidates.value as label,
        coalesce(
            accepted.category_id,
            case
                when
                    candidates.names_a_category
                    and not list_contains(candidates.ignored_keys, {{ label_key('candidates.value') }})
                    then {{ slug('candidates.value') }}
            end
        ) as label_category_id
    from candidates
    left join accepted
        on {{ label_key('candidates.value') }} = accepted.label_key

)

-- A value that people mapped to an accepted category beats one that merely looks like a name; fields beat tags.
select
    ticket_id,
    label_category_id,
    label,
    is_accepted
from resolved
where label_category_id is not null
qualify row_number() over (
        partition by ticket_id order by is_accepted desc, rank asc, tie_breaker asc, label asc
    ) = 1
