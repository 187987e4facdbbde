{#- Publish a table as Parquet, whole or not at all, for readers that must never open dbt's own database. -#}
{%- macro publish(folder) -%}
    copy {{ this }} to '{{ env_var('UNDERSTUDY_HOME', '.understudy') }}/lake/{{ folder }}/{{ this.identifier }}.parquet'
    (format parquet, compression zstd, use_tmp_file true)
{%- endmacro -%}
