BEGIN TRANSACTION;
CREATE TABLE glidepath_schema (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "glidepath_schema" VALUES(1);
CREATE TABLE saved_part (sha256 TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO "saved_part" VALUES('771d2dbdcf1873d2579932eb87ff6e91bff215aa57c8ab0232ae99cf5e196b6d','workload_id,name,value
W1,Grid,380.0
');
INSERT INTO "saved_part" VALUES('783a653b3b21e162f03897fdb9882b79de32714284ed20172fd047ac73513631','record,name,id,requests_per_day
plan,Our plan,,
workload,Chat,W1,1000
');
INSERT INTO "saved_part" VALUES('8e83f2ac708b635255383f50b67926b097cf1bc4867eb17b22bc18ef0de84a5e','workload_id,year,stage
W1,2026,inference
');
INSERT INTO "saved_part" VALUES('4c098cc101e91f785efe4e94e2b0c73a4975a49cd7bbe92550c06f2b49c4e386','record,name,id,requests_per_day
plan,Our plan,,
workload,Chat,W1,2000
');
CREATE TABLE saved_plan (name_key TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO "saved_plan" VALUES('our plan','Our plan');
CREATE TABLE saved_version (
            id TEXT NOT NULL PRIMARY KEY,
            name_key TEXT NOT NULL REFERENCES saved_plan (name_key),
            number INTEGER NOT NULL,
            previous TEXT NOT NULL,
            by_name TEXT NOT NULL,
            by_subject TEXT NOT NULL,
            at TEXT NOT NULL,
            why TEXT NOT NULL,
            inputs_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            factors_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            results_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            data_version TEXT NOT NULL,
            method_version TEXT NOT NULL,
            app_version TEXT NOT NULL,
            headline_kg DOUBLE PRECISION,
            seal TEXT NOT NULL,
            UNIQUE (name_key, number)
        );
INSERT INTO "saved_version" VALUES('64meb5yyrnhc','our plan',1,'','Ann','','2026-11-27T12:00:00Z','','783a653b3b21e162f03897fdb9882b79de32714284ed20172fd047ac73513631','771d2dbdcf1873d2579932eb87ff6e91bff215aa57c8ab0232ae99cf5e196b6d','8e83f2ac708b635255383f50b67926b097cf1bc4867eb17b22bc18ef0de84a5e','0123456789ab','0.1.0','0.1.0',7.81234567890123435046e+04,'3128e597dec562cdb3f7cf5af3c9a523883b2ccaf82f5ef5c65eac7a002662c1');
INSERT INTO "saved_version" VALUES('qdf3q5jjg4vv','our plan',2,'3128e597dec562cdb3f7cf5af3c9a523883b2ccaf82f5ef5c65eac7a002662c1','Cim','oidc|cim','2026-11-27T12:01:00Z','twice the demand','4c098cc101e91f785efe4e94e2b0c73a4975a49cd7bbe92550c06f2b49c4e386','771d2dbdcf1873d2579932eb87ff6e91bff215aa57c8ab0232ae99cf5e196b6d','8e83f2ac708b635255383f50b67926b097cf1bc4867eb17b22bc18ef0de84a5e','0123456789ab','0.1.0','0.1.0',7.81234567890123435046e+04,'bb5e3b96528137b7e132041a570f725e5f9df54a837b1ebfd5118aee59d7736b');
COMMIT;
