with labelled as (

    select
        labels.label_category_id as category_id,
        count(*) as count_labelled_tickets,
        mode(labels.label order by labels.label) as label
    from {{ ref('int_ticket_labels') }} as labels
    group by labels.label_category_id

),

accepted as (

    select
        category_id,
        name,
        -- A column that is empty in every category has no type of its own.
        description::varchar as description,
        bucket::varchar as bucket,
        tier::integer as tier,
        owner::varchar as owner,
        labels::varchar [] as labels,
        examples::varchar [] as examples,
        merged_from::varchar [] as merged_from
    from {{ source('lake', 'accepted_categories') }}

)

select
    coalesce(accepted.category_id, labelled.category_id) as category_id,
    coalesce(accepted.name, labelled.label) as name,
    accepted.description,
    accepted.bucket,
    accepted.tier,
    accepted.owner,
    coalesce(accepted.labels, [labelled.label]) as labels,
    coalesce(accepted.examples, []) as examples,
    coalesce(accepted.merged_from, []) as merged_from,
    accepted.category_id is not null as is_accepted,
    coalesce(labelled.count_labelled_tickets, 0) as count_labelled_tickets
from accepted
full outer join labelled
    on accepted.category_id = labelled.category_id
