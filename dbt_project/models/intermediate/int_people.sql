with unioned as (

    select * from {{ ref('stg_zendesk__users') }}
    union all by name
    select * from {{ ref('stg_freshdesk__users') }}
    union all by name
    select * from {{ ref('stg_intercom__users') }}
    union all by name
    select
        source,
        requester_user_id as user_id,
        arg_max(requester_name, coalesce(updated_at, to_timestamp(0))) as user_name,
        arg_max(requester_email, coalesce(updated_at, to_timestamp(0))) as email,
        arg_max(locale, coalesce(updated_at, to_timestamp(0))) as locale
    from {{ ref('stg_generic__tickets') }}
    where requester_user_id is not null
    group by all

),

mentioned as (

    select
        source,
        requester_user_id as user_id
    from {{ ref('stg_zendesk__tickets') }}
    union
    select
        source,
        assignee_user_id as user_id
    from {{ ref('stg_zendesk__tickets') }}
    union
    select
        source,
        author_user_id as user_id
    from {{ ref('stg_zendesk__comments') }}
    union
    select
        source,
        requester_user_id as user_id
    from {{ ref('stg_freshdesk__tickets') }}
    union
    select
        source,
        assignee_user_id as user_id
    from {{ ref('stg_freshdesk__tickets') }}
    union
    select
        source,
        author_user_id as user_id
    from {{ ref('stg_freshdesk__comments') }}
    union
    select
        source,
        requester_user_id as user_id
    from {{ ref('stg_intercom__tickets') }}
    union
    select
        source,
        assignee_user_id as user_id
    from {{ ref('stg_intercom__tickets') }}
    union
    select
        source,
        assignee_user_id as user_id
    from {{ ref('stg_generic__tickets') }}
    union
    select
        source,
        author_user_id as user_id
    from {{ ref('stg_generic__comments') }}

),

-- Exports often leave out people that tickets and comments mention: known by their id alone.
everyone as (

    select * from unioned
    union all by name
    select mentioned.*
    from mentioned
    anti join unioned
        on mentioned.source = unioned.source and mentioned.user_id = unioned.user_id
    where mentioned.user_id is not null

),

desk as (

    {{ desk_id() }}

)

select
    people.source,
    people.user_id,
    {{ pseudonym('desk.desk_id', 'people.source', 'people.user_id', 'people.email') }} as person_id,
    people.user_name,
    people.email,
    people.user_role,
    people.locale,
    people.attributes
from everyone as people
cross join desk
