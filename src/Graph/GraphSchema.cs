using McpInfra.Storage;

namespace McpInfra.Graph;

/// <summary>The graph's tables. The organisation is part of every key; times are Unix milliseconds.</summary>
public static class GraphSchema
{
    /// <summary>For <see cref="Database.OpenSqlite"/>.</summary>
    public static Schema Schema { get; } = new("graph", FirstStep, Journal, FindingsStep, TextFollows, KnowledgeStep, CostStep, RelationHistory, DriftStep, ToldStep, ProgressStep, LoadStep, UnmanagedStep, NarrowStep, TextsInBulkStep, CapitalsStep);

    /// <summary>
    /// `graph_resource` is the hot narrow row, `graph_document` and `graph_contribution` the cold ones: what each source says of a resource, from which the row is merged.
    /// A relation is doubted when a state tells it and a cloud, which tells such relations of both ends, does not.
    /// `Name` stays out of the index of tags: it is as many values as there are resources, and the name has its own column.
    /// </summary>
    private const string FirstStep = """
        CREATE TABLE graph_source (
            organization TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, repository TEXT, stack TEXT,
            scanned_at INTEGER, failed_at INTEGER, failure TEXT,
            PRIMARY KEY (organization, name)) WITHOUT ROWID;
        CREATE TABLE graph_fact (
            organization TEXT NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (organization, source, name)) WITHOUT ROWID;
        CREATE TABLE graph_scope (
            organization TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, type TEXT NOT NULL,
            completed_at INTEGER, stale_at INTEGER, held INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (organization, source, account, region, type)) WITHOUT ROWID;

        CREATE TABLE graph_resource (
            node INTEGER PRIMARY KEY, organization TEXT NOT NULL, id TEXT NOT NULL,
            type TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL, provider TEXT NOT NULL COLLATE NOCASE,
            account TEXT COLLATE NOCASE, region TEXT COLLATE NOCASE, environment TEXT COLLATE NOCASE, status TEXT, owner TEXT,
            managed INTEGER NOT NULL, facts BLOB NOT NULL, hash BLOB NOT NULL,
            first_seen INTEGER NOT NULL, changed_at INTEGER NOT NULL, gone_at INTEGER);
        CREATE INDEX graph_resource_type ON graph_resource (organization, type, name, id) WHERE gone_at IS NULL; -- SQLite only
        -- PostgreSQL only: CREATE INDEX graph_resource_type ON graph_resource (organization, type, name) WHERE gone_at IS NULL;
        CREATE INDEX graph_resource_name ON graph_resource (organization, name COLLATE NOCASE);
        CREATE INDEX graph_resource_changed ON graph_resource (organization, changed_at);
        CREATE INDEX graph_resource_place ON graph_resource (organization, account, region) WHERE gone_at IS NULL;
        CREATE INDEX graph_resource_environment ON graph_resource (organization, environment) WHERE gone_at IS NULL;
        CREATE INDEX graph_resource_managed ON graph_resource (organization, managed) WHERE gone_at IS NULL;
        CREATE TABLE graph_document (node INTEGER PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE graph_contribution (
            organization TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, node INTEGER NOT NULL, rank INTEGER NOT NULL,
            type TEXT NOT NULL COLLATE NOCASE, account TEXT, region TEXT, hash BLOB NOT NULL, body TEXT NOT NULL, gone_at INTEGER);
        CREATE UNIQUE INDEX graph_contribution_key ON graph_contribution (organization, source, key);
        CREATE INDEX graph_contribution_node ON graph_contribution (node);
        CREATE INDEX graph_contribution_scope ON graph_contribution (organization, source, type) WHERE gone_at IS NULL;
        CREATE TABLE graph_alias (
            organization TEXT NOT NULL, key TEXT NOT NULL, node INTEGER NOT NULL, is_id INTEGER NOT NULL,
            PRIMARY KEY (organization, key, node)) WITHOUT ROWID;
        CREATE INDEX graph_alias_node ON graph_alias (node);
        CREATE INDEX graph_alias_any_case ON graph_alias (organization, key COLLATE NOCASE);
        CREATE TABLE graph_tag (
            organization TEXT NOT NULL, node INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (organization, node, key)) WITHOUT ROWID;
        CREATE INDEX graph_tag_value ON graph_tag (organization, key COLLATE NOCASE, value COLLATE NOCASE, node) WHERE key <> 'Name';
        CREATE TABLE graph_text (node INTEGER PRIMARY KEY, text TEXT NOT NULL);
        CREATE VIRTUAL TABLE graph_text_index USING fts5 (text, content='graph_text', content_rowid='node', tokenize='trigram'); -- SQLite only
        -- PostgreSQL only: CREATE INDEX graph_text_index ON graph_text USING gin (text gin_trgm_ops);

        CREATE TABLE graph_relation (
            organization TEXT NOT NULL, source TEXT NOT NULL, from_key TEXT NOT NULL, type TEXT NOT NULL, to_key TEXT NOT NULL,
            from_node INTEGER, to_node INTEGER, doubted INTEGER NOT NULL DEFAULT 0);
        -- PostgreSQL only: ALTER TABLE graph_relation ADD COLUMN rowid BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY;
        CREATE UNIQUE INDEX graph_relation_key ON graph_relation (organization, source, from_key, type, to_key);
        CREATE INDEX graph_relation_from ON graph_relation (from_node, type, to_node);
        CREATE INDEX graph_relation_to ON graph_relation (to_node, type, from_node);
        CREATE INDEX graph_relation_waits_from ON graph_relation (organization, from_key) WHERE from_node IS NULL;
        CREATE INDEX graph_relation_waits_to ON graph_relation (organization, to_key) WHERE to_node IS NULL;

        CREATE TABLE graph_managed (
            organization TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, address TEXT NOT NULL, engine TEXT NOT NULL, key TEXT NOT NULL,
            node INTEGER, part INTEGER NOT NULL, repository TEXT, file TEXT, line INTEGER, end_line INTEGER, owner TEXT,
            PRIMARY KEY (organization, source, state, address)) WITHOUT ROWID;
        CREATE INDEX graph_managed_node ON graph_managed (node);
        CREATE INDEX graph_managed_address ON graph_managed (organization, address);
        CREATE INDEX graph_managed_waits ON graph_managed (organization, key) WHERE node IS NULL;
        CREATE INDEX graph_managed_file ON graph_managed (organization, file);
        CREATE TABLE graph_finding (
            organization TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, title TEXT NOT NULL, severity TEXT NOT NULL,
            tool TEXT NOT NULL, key TEXT, file TEXT, line INTEGER, help TEXT,
            PRIMARY KEY (organization, source, id)) WITHOUT ROWID;
        CREATE TABLE graph_finding_link (
            organization TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, node INTEGER NOT NULL,
            PRIMARY KEY (node, organization, source, id)) WITHOUT ROWID;
        CREATE INDEX graph_finding_link_finding ON graph_finding_link (organization, source, id);

        CREATE TABLE graph_change (
            sequence INTEGER PRIMARY KEY, organization TEXT NOT NULL, node INTEGER NOT NULL, time INTEGER NOT NULL, what TEXT NOT NULL, fields TEXT NOT NULL);
        CREATE INDEX graph_change_time ON graph_change (organization, time);
        CREATE INDEX graph_change_node ON graph_change (node, time);
        CREATE TABLE graph_version (node INTEGER NOT NULL, until INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (node, until)) WITHOUT ROWID;
        CREATE INDEX graph_version_time ON graph_version (until);
        """;

    /// <summary>Versions of an organisation's graph: which nodes each touched, or null for any. `mark` chains them, so that two histories of one number are told apart.</summary>
    private const string Journal = """
        CREATE TABLE graph_journal (
            organization TEXT NOT NULL, version INTEGER NOT NULL, mark INTEGER NOT NULL, time INTEGER NOT NULL, nodes BLOB,
            PRIMARY KEY (organization, version));
        INSERT INTO graph_journal (organization, version, mark, time, nodes) SELECT DISTINCT organization, 1, 0, 0, CAST(NULL AS BLOB) FROM graph_resource;
        """;

    /// <summary>
    /// Findings over time. `same` joins what several runs and tools say of one rule and resource; `text` is what searches look through.
    /// `graph_finding_link` has the open ones, so that whoever asks for resources with findings means those; `graph_finding_ended_link` the others.
    /// </summary>
    private const string FindingsStep = """
        ALTER TABLE graph_finding ADD COLUMN others TEXT;
        ALTER TABLE graph_finding ADD COLUMN remedy TEXT;
        ALTER TABLE graph_finding ADD COLUMN frameworks TEXT NOT NULL DEFAULT '';
        ALTER TABLE graph_finding ADD COLUMN account TEXT;
        ALTER TABLE graph_finding ADD COLUMN region TEXT;
        ALTER TABLE graph_finding ADD COLUMN status TEXT NOT NULL DEFAULT 'open';
        ALTER TABLE graph_finding ADD COLUMN first_seen INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE graph_finding ADD COLUMN ended_at INTEGER;
        ALTER TABLE graph_finding ADD COLUMN text TEXT NOT NULL DEFAULT '';
        ALTER TABLE graph_finding ADD COLUMN same TEXT NOT NULL DEFAULT '';
        ALTER TABLE graph_finding ADD COLUMN hash BLOB;
        CREATE INDEX graph_finding_same ON graph_finding (organization, same);
        CREATE TABLE graph_finding_ended_link (
            organization TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, node INTEGER NOT NULL,
            PRIMARY KEY (node, organization, source, id)) WITHOUT ROWID;
        CREATE INDEX graph_finding_ended_link_finding ON graph_finding_ended_link (organization, source, id);
        CREATE TABLE graph_finding_event (
            organization TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, time INTEGER NOT NULL, status TEXT NOT NULL,
            PRIMARY KEY (organization, source, id, time)) WITHOUT ROWID;
        """;

    /// <summary>The index of text follows its table by itself.</summary>
    private const string TextFollows = """
        CREATE TRIGGER graph_text_added AFTER INSERT ON graph_text BEGIN INSERT INTO graph_text_index (rowid, text) VALUES (new.node, new.text); END; -- SQLite only
        CREATE TRIGGER graph_text_taken AFTER DELETE ON graph_text BEGIN INSERT INTO graph_text_index (graph_text_index, rowid, text) VALUES ('delete', old.node, old.text); END; -- SQLite only
        CREATE TRIGGER graph_text_changed AFTER UPDATE ON graph_text BEGIN INSERT INTO graph_text_index (graph_text_index, rowid, text) VALUES ('delete', old.node, old.text); INSERT INTO graph_text_index (rowid, text) VALUES (new.node, new.text); END; -- SQLite only
        """;

    /// <summary>What people wrote, in passages that are searched by words; and what a catalogue says of who owns what. `graph_catalog_owner` marks the owners that only a catalogue gave.</summary>
    private const string KnowledgeStep = """
        CREATE TABLE graph_page (
            page INTEGER PRIMARY KEY, organization TEXT NOT NULL, source TEXT NOT NULL, repository TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, owner TEXT, hash BLOB NOT NULL);
        CREATE UNIQUE INDEX graph_page_path ON graph_page (organization, source, path);
        CREATE TABLE graph_passage (passage INTEGER PRIMARY KEY, page INTEGER NOT NULL, line INTEGER NOT NULL, title TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL);
        CREATE INDEX graph_passage_page ON graph_passage (page);
        CREATE VIRTUAL TABLE graph_passage_index USING fts5 (title, heading, text, content='graph_passage', content_rowid='passage', tokenize='porter unicode61 remove_diacritics 2'); -- SQLite only
        CREATE TRIGGER graph_passage_added AFTER INSERT ON graph_passage BEGIN INSERT INTO graph_passage_index (rowid, title, heading, text) VALUES (new.passage, new.title, new.heading, new.text); END; -- SQLite only
        CREATE TRIGGER graph_passage_taken AFTER DELETE ON graph_passage BEGIN INSERT INTO graph_passage_index (graph_passage_index, rowid, title, heading, text) VALUES ('delete', old.passage, old.title, old.heading, old.text); END; -- SQLite only
        -- PostgreSQL only: ALTER TABLE graph_passage ADD COLUMN words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', heading), 'B') || to_tsvector('english', text)) STORED;
        -- PostgreSQL only: CREATE INDEX graph_passage_words ON graph_passage USING gin (words);
        CREATE TABLE graph_entity (
            organization TEXT NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, line INTEGER NOT NULL, owner TEXT, system TEXT,
            PRIMARY KEY (organization, source, path, kind, name)) WITHOUT ROWID;
        CREATE INDEX graph_entity_name ON graph_entity (organization, name);
        CREATE TABLE graph_catalog_owner (node INTEGER PRIMARY KEY, organization TEXT NOT NULL, owner TEXT NOT NULL);
        """;

    /// <summary>What things cost by month; amounts in millionths, `hash` of what a row is about.</summary>
    private const string CostStep = """
        CREATE TABLE graph_cost (
            organization TEXT NOT NULL, source TEXT NOT NULL, hash BLOB NOT NULL, key TEXT, service TEXT NOT NULL, account TEXT, region TEXT, currency TEXT NOT NULL,
            month INTEGER NOT NULL, until INTEGER NOT NULL, billed INTEGER NOT NULL, effective INTEGER NOT NULL, node INTEGER,
            PRIMARY KEY (organization, source, hash)) WITHOUT ROWID;
        CREATE INDEX graph_cost_node ON graph_cost (node, month);
        CREATE INDEX graph_cost_key ON graph_cost (organization, key);
        """;

    /// <summary>Relations that came or went between resources that stayed.</summary>
    private const string RelationHistory = """
        CREATE TABLE graph_relation_change (
            sequence INTEGER PRIMARY KEY, organization TEXT NOT NULL, time INTEGER NOT NULL, what TEXT NOT NULL, type TEXT NOT NULL,
            from_node INTEGER NOT NULL, to_node INTEGER NOT NULL);
        CREATE INDEX graph_relation_change_time ON graph_relation_change (organization, time);
        """;

    /// <summary>Resources of a cloud that differ from what a state says, with the names of the attributes that do. Relations of a resource that itself went `ended`; they are asked for by their ends.</summary>
    private const string DriftStep = """
        CREATE TABLE graph_drift (node INTEGER PRIMARY KEY, organization TEXT NOT NULL, since INTEGER NOT NULL, attributes TEXT NOT NULL);
        CREATE INDEX graph_drift_organization ON graph_drift (organization, since);
        CREATE INDEX graph_relation_change_from ON graph_relation_change (from_node, time);
        CREATE INDEX graph_relation_change_to ON graph_relation_change (to_node, time);
        """;

    /// <summary>What sources told, as digests in parts, by which the next scan knows it again; `secret` keys them. The index of text is written by hand, many texts at once.</summary>
    private const string ToldStep = """
        CREATE TABLE graph_told (
            organization TEXT NOT NULL, source TEXT NOT NULL, part INTEGER NOT NULL, secret INTEGER NOT NULL, digests BLOB NOT NULL,
            PRIMARY KEY (organization, source, part));
        DROP TRIGGER graph_text_added; -- SQLite only
        DROP TRIGGER graph_text_changed; -- SQLite only
        """;

    /// <summary>How far listings had come when their scan was cut, with digests of what they told, in parts; the last part's token goes on, none has ended. `secret` keys the digests.</summary>
    private const string ProgressStep = """
        CREATE TABLE graph_progress (
            organization TEXT NOT NULL, source TEXT NOT NULL, listing TEXT NOT NULL, part INTEGER NOT NULL, begun_at INTEGER NOT NULL,
            token TEXT, secret INTEGER NOT NULL, form BLOB NOT NULL, digests BLOB NOT NULL, known BLOB NOT NULL,
            PRIMARY KEY (organization, source, listing, part));
        """;

    /// <summary>
    /// What a load does not have to write: indexes that searches do not lead with, and relations by five texts, which their writers tell apart by digests.
    /// SQLite's index of pieces of text gathers 64 MB before it writes a part of itself, and joins parts by sixteen.
    /// </summary>
    private const string LoadStep = """
        DROP INDEX graph_resource_managed;
        DROP INDEX graph_resource_environment;
        DROP INDEX graph_resource_place;
        DROP INDEX graph_relation_key;
        CREATE INDEX graph_relation_source ON graph_relation (organization, source);
        INSERT INTO graph_text_index (graph_text_index, rank) VALUES ('hashsize', 67108864), ('automerge', 16); -- SQLite only
        """;

    /// <summary>Every scan counts what no state manages.</summary>
    private const string UnmanagedStep = "CREATE INDEX graph_resource_unmanaged ON graph_resource (organization) WHERE managed = 0 AND gone_at IS NULL";

    /// <summary>
    /// A load writes as few rows and as few places in trees as questions need: tags are one text of their resource, as JSON, for it is snapshots that find resources by tag, type and place.
    /// Names are compared in any case by the lower case of ASCII letters, which both engines have.
    /// </summary>
    private const string NarrowStep = """
        ALTER TABLE graph_resource ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
        UPDATE graph_resource SET tags = coalesce((SELECT json_group_object(t.key, t.value) FROM graph_tag t WHERE t.organization = graph_resource.organization AND t.node = graph_resource.node), '{}'); -- SQLite only
        -- PostgreSQL only: UPDATE graph_resource SET tags = coalesce((SELECT json_object_agg(t.key, t.value)::text FROM graph_tag t WHERE t.organization = graph_resource.organization AND t.node = graph_resource.node), '{}');
        DROP TABLE graph_tag;
        DROP INDEX graph_resource_type;
        DROP INDEX graph_contribution_scope;
        DROP INDEX graph_resource_name;
        DROP INDEX graph_alias_any_case;
        CREATE INDEX graph_resource_name ON graph_resource (organization, lower(name));
        CREATE INDEX graph_alias_any_case ON graph_alias (organization, lower(key));
        """;

    /// <summary>
    /// SQLite's index of pieces of text forgets a text without being told it, and lags behind `graph_text` by the nodes after its last, so that a load fills it in few large parts; searches look through those.
    /// </summary>
    private const string TextsInBulkStep = """
        DROP TRIGGER graph_text_taken; -- SQLite only
        DROP TABLE graph_text_index; -- SQLite only
        CREATE VIRTUAL TABLE graph_text_index USING fts5 (text, content='', contentless_delete=1, tokenize='trigram'); -- SQLite only
        CREATE TRIGGER graph_text_taken AFTER DELETE ON graph_text BEGIN DELETE FROM graph_text_index WHERE rowid = old.node; END; -- SQLite only
        INSERT INTO graph_text_index (graph_text_index, rank) VALUES ('hashsize', 67108864), ('automerge', 16), ('crisismerge', 64); -- SQLite only
        INSERT INTO graph_text_index (rowid, text) SELECT node, text FROM graph_text ORDER BY node; -- SQLite only
        """;

    /// <summary>Names of small letters alone, which are most, are found in any case where they are found as they are.</summary>
    private const string CapitalsStep = """
        DROP INDEX graph_alias_any_case;
        CREATE INDEX graph_alias_capitals ON graph_alias (organization, lower(key)) WHERE key <> lower(key);
        """;
}
