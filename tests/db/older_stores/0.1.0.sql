PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE gristmill_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT gristmill_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO gristmill_version VALUES('0004');
CREATE TABLE runs (
	id TEXT NOT NULL, 
	recipe TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	config TEXT NOT NULL, 
	seed BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	elapsed_seconds DOUBLE NOT NULL, 
	code_version TEXT NOT NULL, 
	message TEXT NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT ck_runs_state CHECK (state IN ('running', 'interrupted', 'failed', 'finished'))
);
INSERT INTO runs VALUES('finished','dart-uniform','finished','{"config":{"recipe":"dart-uniform","dataset":{"dataset":"demo","preset":null,"prompt_field":null,"reference_field":null,"level_field":null,"source":null,"split":null,"limit":10,"shuffle_seed":null,"on_bad_row":"stop"},"instructions":{"min_words":4,"max_words":150,"max_instruction_characters":4000,"instruction_language":"en","blocklist":null,"benchmark":[],"benchmark_field":"question,problem,prompt,instruction,Body","contamination_ngram":10,"contamination_cosine":null,"near_duplicate_jaccard":0.8,"rouge_limit":0.7,"maker":null,"seeds":null,"seed_field":"instruction,question,problem,prompt","seed_level_field":null,"documents":[],"document_field":"text","target":1000,"instruction_draws":null,"subject_draws":4,"examples":8,"own_examples":2,"maker_temperature":null,"maker_max_tokens":null,"perplexity":"auto","perplexity_ratio":1.0,"discriminator_run":null,"mix":[],"max_constraints":3,"responses":true},"policy":{"policy":"uniform","quota":2,"trials":null,"ceiling":6,"probe":0,"fail_rates_from":null,"quotas":"uniform","budget_draws":null,"budget_tokens":null,"budget_seconds":null,"give_up_below":0.005},"generator":{"backend":"scripted","server":[],"model":"scripted","embedded_model":null,"template":"boxed","temperature":1.6,"top_p":0.95,"top_k":null,"min_p":null,"presence_penalty":null,"frequency_penalty":null,"repetition_penalty":null,"logprobs":false,"guided":true,"tool_rounds":0,"max_tokens":2048,"stop":[],"concurrency":null,"request_timeout_seconds":300.0,"tries":4,"backoff_seconds":0.5,"outage_seconds":600.0,"launch":null,"launch_python":null,"launch_timeout_seconds":1800.0,"engine_args":null,"api_key_env":"OPENAI_API_KEY","script_pass_rate":0.5,"script_latency_seconds":0.0,"script_sigma":0.6,"script_length_rate":0.0,"script_fault_rate":0.0,"script_tokens":120},"verifier":{"verifier":"math","json_schema":null,"answer_field":null,"regex":null,"grammar":null,"extraction":"phrases","constraint_form":"strict","language":null,"bounds":[],"verify_timeout_seconds":5.0,"verify_workers":0,"verify_memory_mb":1024,"sandbox_test_seconds":2.0,"sandbox_seconds":3.0,"sandbox_memory_mb":1024,"unsafe_no_isolation":false},"judge":{"judge_server":null,"judge_model":null,"judge_api_key_env":"OPENAI_API_KEY","rubric":null,"rubric_mode":"score","rubric_scale":5,"rubric_least":4,"judge_guided":true,"judge_max_tokens":256,"judge_temperature":0.0,"judge_concurrency":null,"judge_timeout_seconds":120.0,"judge_tries":4,"judge_outage_seconds":600.0},"selection":{"select_by":null,"select":"highest","metrics":[]},"run":{"seed":7,"together":8,"price_per_million_prompt_tokens":null,"price_per_million_completion_tokens":null,"group_size":200,"group_seconds":0.25,"grace_seconds":10.0,"metrics_port":null}},"template":"{\"name\": \"boxed\", \"question\": \"{problem}\\n\\nReason step by step, and put your final answer within \\\\boxed{}.\", \"system\": \"\", \"examples\": []}","judge":"","inputs":{},"versions":{"jsonschema":"4.26.0","lark":"1.3.1","math-verify":"0.9.0","openai":"3.54.0","prefect":"3.8.8","sympy":"1.14.0","xllamacpp":"2026.10.11549"}}',7,'2026-11-30 20:58:10.646199','2026-11-30 20:58:17.087820','2026-11-30 20:58:17.087820',0.35206777399992006394,'0.1.0','');
INSERT INTO runs VALUES('made','self-instruct','finished','{"config":{"recipe":"self-instruct","dataset":{"dataset":null,"preset":null,"prompt_field":null,"reference_field":null,"level_field":null,"source":null,"split":null,"limit":null,"shuffle_seed":null,"on_bad_row":"stop"},"instructions":{"min_words":4,"max_words":150,"max_instruction_characters":4000,"instruction_language":"en","blocklist":null,"benchmark":[],"benchmark_field":"question,problem,prompt,instruction,Body","contamination_ngram":10,"contamination_cosine":null,"near_duplicate_jaccard":0.8,"rouge_limit":0.7,"maker":"self-instruct","seeds":"/before/seeds.jsonl","seed_field":"instruction,question,problem,prompt","seed_level_field":null,"documents":[],"document_field":"text","target":4,"instruction_draws":null,"subject_draws":4,"examples":8,"own_examples":2,"maker_temperature":1.0,"maker_max_tokens":512,"perplexity":"auto","perplexity_ratio":1.0,"discriminator_run":null,"mix":[],"max_constraints":3,"responses":true},"policy":{"policy":"uniform","quota":1,"trials":null,"ceiling":3,"probe":0,"fail_rates_from":null,"quotas":"uniform","budget_draws":null,"budget_tokens":null,"budget_seconds":null,"give_up_below":0.005},"generator":{"backend":"scripted","server":[],"model":"scripted","embedded_model":null,"template":"plain","temperature":0.8,"top_p":0.95,"top_k":null,"min_p":null,"presence_penalty":null,"frequency_penalty":null,"repetition_penalty":null,"logprobs":false,"guided":true,"tool_rounds":0,"max_tokens":1024,"stop":[],"concurrency":null,"request_timeout_seconds":300.0,"tries":4,"backoff_seconds":0.5,"outage_seconds":600.0,"launch":null,"launch_python":null,"launch_timeout_seconds":1800.0,"engine_args":null,"api_key_env":"OPENAI_API_KEY","script_pass_rate":0.5,"script_latency_seconds":0.0,"script_sigma":0.6,"script_length_rate":0.0,"script_fault_rate":0.0,"script_tokens":120},"verifier":{"verifier":"sound","json_schema":null,"answer_field":null,"regex":null,"grammar":null,"extraction":"phrases","constraint_form":"strict","language":null,"bounds":[],"verify_timeout_seconds":5.0,"verify_workers":0,"verify_memory_mb":1024,"sandbox_test_seconds":2.0,"sandbox_seconds":3.0,"sandbox_memory_mb":1024,"unsafe_no_isolation":false},"judge":{"judge_server":null,"judge_model":null,"judge_api_key_env":"OPENAI_API_KEY","rubric":null,"rubric_mode":"score","rubric_scale":5,"rubric_least":4,"judge_guided":true,"judge_max_tokens":256,"judge_temperature":0.0,"judge_concurrency":null,"judge_timeout_seconds":120.0,"judge_tries":4,"judge_outage_seconds":600.0},"selection":{"select_by":null,"select":"highest","metrics":[]},"run":{"seed":3,"together":8,"price_per_million_prompt_tokens":null,"price_per_million_completion_tokens":null,"group_size":200,"group_seconds":0.25,"grace_seconds":10.0,"metrics_port":null}},"template":"{\"name\": \"plain\", \"question\": \"{problem}\", \"system\": \"\", \"examples\": []}","judge":"","inputs":{"/before/seeds.jsonl":"cfed7584b22d157687972c4f29d3cc3d473b8505b1c146129c80282265c396c0"},"versions":{"jsonschema":"4.26.0","lark":"1.3.1","math-verify":"0.9.0","openai":"3.54.0","prefect":"3.8.8","sympy":"1.14.0","xllamacpp":"2026.10.11549"}}',3,'2026-11-30 20:58:27.269682','2026-11-30 20:58:36.568831','2026-11-30 20:58:36.568831',0.15664629299999432987,'0.1.0','');
INSERT INTO runs VALUES('made.instructions','self-instruct','finished','{"config":{"recipe":"self-instruct","dataset":{"dataset":null,"preset":null,"prompt_field":null,"reference_field":null,"level_field":null,"source":null,"split":null,"limit":null,"shuffle_seed":null,"on_bad_row":"stop"},"instructions":{"min_words":4,"max_words":150,"max_instruction_characters":4000,"instruction_language":"en","blocklist":null,"benchmark":[],"benchmark_field":"question,problem,prompt,instruction,Body","contamination_ngram":10,"contamination_cosine":null,"near_duplicate_jaccard":0.8,"rouge_limit":0.7,"maker":"self-instruct","seeds":"/before/seeds.jsonl","seed_field":"instruction,question,problem,prompt","seed_level_field":null,"documents":[],"document_field":"text","target":4,"instruction_draws":null,"subject_draws":4,"examples":8,"own_examples":2,"maker_temperature":1.0,"maker_max_tokens":512,"perplexity":"auto","perplexity_ratio":1.0,"discriminator_run":null,"mix":[],"max_constraints":3,"responses":true},"policy":{"policy":"uniform","quota":1,"trials":null,"ceiling":3,"probe":0,"fail_rates_from":null,"quotas":"uniform","budget_draws":null,"budget_tokens":null,"budget_seconds":null,"give_up_below":0.005},"generator":{"backend":"scripted","server":[],"model":"scripted","embedded_model":null,"template":"plain","temperature":0.8,"top_p":0.95,"top_k":null,"min_p":null,"presence_penalty":null,"frequency_penalty":null,"repetition_penalty":null,"logprobs":false,"guided":true,"tool_rounds":0,"max_tokens":1024,"stop":[],"concurrency":null,"request_timeout_seconds":300.0,"tries":4,"backoff_seconds":0.5,"outage_seconds":600.0,"launch":null,"launch_python":null,"launch_timeout_seconds":1800.0,"engine_args":null,"api_key_env":"OPENAI_API_KEY","script_pass_rate":0.5,"script_latency_seconds":0.0,"script_sigma":0.6,"script_length_rate":0.0,"script_fault_rate":0.0,"script_tokens":120},"verifier":{"verifier":"sound","json_schema":null,"answer_field":null,"regex":null,"grammar":null,"extraction":"phrases","constraint_form":"strict","language":null,"bounds":[],"verify_timeout_seconds":5.0,"verify_workers":0,"verify_memory_mb":1024,"sandbox_test_seconds":2.0,"sandbox_seconds":3.0,"sandbox_memory_mb":1024,"unsafe_no_isolation":false},"judge":{"judge_server":null,"judge_model":null,"judge_api_key_env":"OPENAI_API_KEY","rubric":null,"rubric_mode":"score","rubric_scale":5,"rubric_least":4,"judge_guided":true,"judge_max_tokens":256,"judge_temperature":0.0,"judge_concurrency":null,"judge_timeout_seconds":120.0,"judge_tries":4,"judge_outage_seconds":600.0},"selection":{"select_by":null,"select":"highest","metrics":[]},"run":{"seed":3,"together":8,"price_per_million_prompt_tokens":null,"price_per_million_completion_tokens":null,"group_size":200,"group_seconds":0.25,"grace_seconds":10.0,"metrics_port":null}},"template":"{\"name\": \"plain\", \"question\": \"{problem}\", \"system\": \"\", \"examples\": []}","judge":"","inputs":{"/before/seeds.jsonl":"cfed7584b22d157687972c4f29d3cc3d473b8505b1c146129c80282265c396c0"},"versions":{"jsonschema":"4.26.0","lark":"1.3.1","math-verify":"0.9.0","openai":"3.54.0","prefect":"3.8.8","sympy":"1.14.0","xllamacpp":"2026.10.11549"}}',3,'2026-11-30 20:58:27.282843','2026-11-30 20:58:31.000214','2026-11-30 20:58:31.000214',3.4952870759999541405,'0.1.0','');
INSERT INTO runs VALUES('stopped','dart-uniform','interrupted','{"config":{"recipe":"dart-uniform","dataset":{"dataset":"demo","preset":null,"prompt_field":null,"reference_field":null,"level_field":null,"source":null,"split":null,"limit":10,"shuffle_seed":null,"on_bad_row":"stop"},"instructions":{"min_words":4,"max_words":150,"max_instruction_characters":4000,"instruction_language":"en","blocklist":null,"benchmark":[],"benchmark_field":"question,problem,prompt,instruction,Body","contamination_ngram":10,"contamination_cosine":null,"near_duplicate_jaccard":0.8,"rouge_limit":0.7,"maker":null,"seeds":null,"seed_field":"instruction,question,problem,prompt","seed_level_field":null,"documents":[],"document_field":"text","target":1000,"instruction_draws":null,"subject_draws":4,"examples":8,"own_examples":2,"maker_temperature":null,"maker_max_tokens":null,"perplexity":"auto","perplexity_ratio":1.0,"discriminator_run":null,"mix":[],"max_constraints":3,"responses":true},"policy":{"policy":"uniform","quota":3,"trials":null,"ceiling":8,"probe":0,"fail_rates_from":null,"quotas":"uniform","budget_draws":null,"budget_tokens":null,"budget_seconds":null,"give_up_below":0.005},"generator":{"backend":"scripted","server":[],"model":"scripted","embedded_model":null,"template":"boxed","temperature":1.6,"top_p":0.95,"top_k":null,"min_p":null,"presence_penalty":null,"frequency_penalty":null,"repetition_penalty":null,"logprobs":false,"guided":true,"tool_rounds":0,"max_tokens":2048,"stop":[],"concurrency":2,"request_timeout_seconds":300.0,"tries":4,"backoff_seconds":0.5,"outage_seconds":600.0,"launch":null,"launch_python":null,"launch_timeout_seconds":1800.0,"engine_args":null,"api_key_env":"OPENAI_API_KEY","script_pass_rate":0.5,"script_latency_seconds":0.0,"script_sigma":0.6,"script_length_rate":0.0,"script_fault_rate":0.0,"script_tokens":120},"verifier":{"verifier":"math","json_schema":null,"answer_field":null,"regex":null,"grammar":null,"extraction":"phrases","constraint_form":"strict","language":null,"bounds":[],"verify_timeout_seconds":5.0,"verify_workers":0,"verify_memory_mb":1024,"sandbox_test_seconds":2.0,"sandbox_seconds":3.0,"sandbox_memory_mb":1024,"unsafe_no_isolation":false},"judge":{"judge_server":null,"judge_model":null,"judge_api_key_env":"OPENAI_API_KEY","rubric":null,"rubric_mode":"score","rubric_scale":5,"rubric_least":4,"judge_guided":true,"judge_max_tokens":256,"judge_temperature":0.0,"judge_concurrency":null,"judge_timeout_seconds":120.0,"judge_tries":4,"judge_outage_seconds":600.0},"selection":{"select_by":null,"select":"highest","metrics":[]},"run":{"seed":9,"together":8,"price_per_million_prompt_tokens":null,"price_per_million_completion_tokens":null,"group_size":1,"group_seconds":0.25,"grace_seconds":10.0,"metrics_port":null}},"template":"{\"name\": \"boxed\", \"question\": \"{problem}\\n\\nReason step by step, and put your final answer within \\\\boxed{}.\", \"system\": \"\", \"examples\": []}","judge":"","inputs":{},"versions":{"jsonschema":"4.26.0","lark":"1.3.1","math-verify":"0.9.0","openai":"3.54.0","prefect":"3.8.8","sympy":"1.14.0","xllamacpp":"2026.10.11549"}}',9,'2026-11-30 20:58:45.029231','2026-11-30 20:58:57.910896',NULL,7.4141763710000532228,'0.1.0','');
CREATE TABLE problems (
	id TEXT NOT NULL, 
	prompt TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	level TEXT NOT NULL, 
	source TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	status TEXT NOT NULL, 
	reason TEXT, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_problems PRIMARY KEY (id)
);
INSERT INTO problems VALUES('36e580fb3aca0366054e2f85dd73c777','What is 24 + 13?','37','1 one-step sum','demo','{"file": "demo.jsonl", "line": "7"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('4bad7f000ef45000034d5d5df2a7fe1d','What is 5 x 6?','30','1 one-step sum','demo','{"file": "demo.jsonl", "line": "6"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('60187a7972aab7ce7e88337c6934e78b','What is 50 - 25?','25','1 one-step sum','demo','{"file": "demo.jsonl", "line": "9"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('6df9117a221d7c3cdb69b6b8a810b4f4','What is 7 x 8?','56','1 one-step sum','demo','{"file": "demo.jsonl", "line": "8"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('745547681fb37069893309d423857a11','What is 9 - 5?','4','1 one-step sum','demo','{"file": "demo.jsonl", "line": "2"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('92ed16094730452a86c6f1fad5309bd5','What is 20 - 8?','12','1 one-step sum','demo','{"file": "demo.jsonl", "line": "5"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('a37ea326dba116a54c1999f7187f4ff8','What is 10 + 15?','25','1 one-step sum','demo','{"file": "demo.jsonl", "line": "4"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('bf5b4c7fa77b13bfd110ca089ef37e0b','What is 36 / 4?','9','1 one-step sum','demo','{"file": "demo.jsonl", "line": "10"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('d23d5dbf788ccc6457e18dfb8f894fcf','What is 6 + 7?','13','1 one-step sum','demo','{"file": "demo.jsonl", "line": "3"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('f7b6ba484f5710cd8eaf6dce1a7a8b9b','What is 3 + 4?','7','1 one-step sum','demo','{"file": "demo.jsonl", "line": "1"}','active',NULL,'2026-11-30 20:58:10.652424');
INSERT INTO problems VALUES('23bad0d612a9ee22038ddc2eee1833e1','Name three rivers of Europe.','','','seeds','{"file": "seeds.jsonl", "line": "1"}','seed',NULL,'2026-11-30 20:58:27.284499');
INSERT INTO problems VALUES('62dcfc1f3c5635db6bb0de4707ee78d8','Write a short note of thanks to a neighbour.','','','seeds','{"file": "seeds.jsonl", "line": "2"}','seed',NULL,'2026-11-30 20:58:27.284499');
INSERT INTO problems VALUES('bfb875394960556757b83dda2f9b8c95','Explain why leaves turn yellow in autumn.','','','seeds','{"file": "seeds.jsonl", "line": "3"}','seed',NULL,'2026-11-30 20:58:27.284499');
INSERT INTO problems VALUES('159f27f7a6c4248fcbf963b35c74e629',replace('Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\nTask 1: Write a short note of thanks to a neighbour.\nTask 2: Name three rivers of Europe.\nTask 3: Explain why leaves turn yellow in autumn.\n\nWrite 4 more tasks, numbered from Task 4 on, one per line. Each must be complete in itself and unlike all the others. Write the tasks alone, without answers.','\n',char(10)),'','','self-instruct','{"maker": "self-instruct"}','brief',NULL,'2026-11-30 20:58:27.758202');
INSERT INTO problems VALUES('4408244ca2bdefb721ebe5192209b0e7',replace('Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\nTask 1: Name three rivers of Europe.\nTask 2: Explain why leaves turn yellow in autumn.\nTask 3: Compare what novels and geometry have to do with clocks, astronomy and bread.\nTask 4: Rank why people who know trade and violins seldom learn festivals, clocks or harbours.\nTask 5: Write a short note of thanks to a neighbour.\n\nWrite 4 more tasks, numbered from Task 6 on, one per line. Each must be complete in itself and unlike all the others. Write the tasks alone, without answers.','\n',char(10)),'','','self-instruct','{"maker": "self-instruct"}','brief',NULL,'2026-11-30 20:58:27.758202');
INSERT INTO problems VALUES('4ff3829f23751c08daab02e8e475b58a',replace('Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\nTask 1: Compare what novels and geometry have to do with clocks, astronomy and bread.\nTask 2: Name three rivers of Europe.\nTask 3: Write a short note of thanks to a neighbour.\nTask 4: Explain why leaves turn yellow in autumn.\nTask 5: Rank why people who know trade and violins seldom learn festivals, clocks or harbours.\n\nWrite 4 more tasks, numbered from Task 6 on, one per line. Each must be complete in itself and unlike all the others. Write the tasks alone, without answers.','\n',char(10)),'','','self-instruct','{"maker": "self-instruct"}','brief',NULL,'2026-11-30 20:58:27.758202');
INSERT INTO problems VALUES('a0c860428d3c1f3dfe835576851fd9e3',replace('Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\nTask 1: Name three rivers of Europe.\nTask 2: Write a short note of thanks to a neighbour.\nTask 3: Explain why leaves turn yellow in autumn.\n\nWrite 4 more tasks, numbered from Task 4 on, one per line. Each must be complete in itself and unlike all the others. Write the tasks alone, without answers.','\n',char(10)),'','','self-instruct','{"maker": "self-instruct"}','brief',NULL,'2026-11-30 20:58:27.758202');
INSERT INTO problems VALUES('1868e86c16dd7afda2e84f0f05941144','Compare what novels and geometry have to do with clocks, astronomy and bread.','','','self-instruct','{"maker": "self-instruct", "run": "made.instructions", "brief": "a0c860428d3c1f3dfe835576851fd9e3"}','active',NULL,'2026-11-30 20:58:27.784553');
INSERT INTO problems VALUES('97ac593eee861b54dfc92a18bd89de62','Rank why people who know chess and printing seldom learn novels, markets or medicine.','','','self-instruct','{"maker": "self-instruct", "run": "made.instructions", "brief": "a0c860428d3c1f3dfe835576851fd9e3"}','active',NULL,'2026-11-30 20:58:27.784553');
INSERT INTO problems VALUES('e246125c9d9fe23fb1658b80c78cab41','Rank why people who know trade and violins seldom learn festivals, clocks or harbours.','','','self-instruct','{"maker": "self-instruct", "run": "made.instructions", "brief": "a0c860428d3c1f3dfe835576851fd9e3"}','active',NULL,'2026-11-30 20:58:27.784553');
INSERT INTO problems VALUES('4bf5103d5a2dcda949c3190d8bdad310',replace('Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\nTask 1: Explain why leaves turn yellow in autumn.\nTask 2: Rank why people who know chess and printing seldom learn novels, markets or medicine.\nTask 3: Write a short note of thanks to a neighbour.\nTask 4: Rank why people who know trade and violins seldom learn festivals, clocks or harbours.\nTask 5: Name three rivers of Europe.\n\nWrite 4 more tasks, numbered from Task 6 on, one per line. Each must be complete in itself and unlike all the others. Write the tasks alone, without answers.','\n',char(10)),'','','self-instruct','{"maker": "self-instruct"}','brief',NULL,'2026-11-30 20:58:30.939147');
INSERT INTO problems VALUES('459e2c7007caca435df262e93e2ef393','Describe how lanterns changed planets once clocks came up beside astronomy or geometry.','','','self-instruct','{"maker": "self-instruct", "run": "made.instructions", "brief": "4bf5103d5a2dcda949c3190d8bdad310"}','active',NULL,'2026-11-30 20:58:30.954894');
CREATE TABLE problem_parents (
	problem_id TEXT NOT NULL, 
	parent_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_problem_parents PRIMARY KEY (problem_id, parent_id), 
	CONSTRAINT fk_problem_parents_problems FOREIGN KEY(problem_id) REFERENCES problems (id)
);
INSERT INTO problem_parents VALUES('159f27f7a6c4248fcbf963b35c74e629','62dcfc1f3c5635db6bb0de4707ee78d8',0);
INSERT INTO problem_parents VALUES('159f27f7a6c4248fcbf963b35c74e629','23bad0d612a9ee22038ddc2eee1833e1',1);
INSERT INTO problem_parents VALUES('159f27f7a6c4248fcbf963b35c74e629','bfb875394960556757b83dda2f9b8c95',2);
INSERT INTO problem_parents VALUES('4408244ca2bdefb721ebe5192209b0e7','23bad0d612a9ee22038ddc2eee1833e1',0);
INSERT INTO problem_parents VALUES('4408244ca2bdefb721ebe5192209b0e7','bfb875394960556757b83dda2f9b8c95',1);
INSERT INTO problem_parents VALUES('4408244ca2bdefb721ebe5192209b0e7','1868e86c16dd7afda2e84f0f05941144',2);
INSERT INTO problem_parents VALUES('4408244ca2bdefb721ebe5192209b0e7','e246125c9d9fe23fb1658b80c78cab41',3);
INSERT INTO problem_parents VALUES('4408244ca2bdefb721ebe5192209b0e7','62dcfc1f3c5635db6bb0de4707ee78d8',4);
INSERT INTO problem_parents VALUES('4ff3829f23751c08daab02e8e475b58a','1868e86c16dd7afda2e84f0f05941144',0);
INSERT INTO problem_parents VALUES('4ff3829f23751c08daab02e8e475b58a','23bad0d612a9ee22038ddc2eee1833e1',1);
INSERT INTO problem_parents VALUES('4ff3829f23751c08daab02e8e475b58a','62dcfc1f3c5635db6bb0de4707ee78d8',2);
INSERT INTO problem_parents VALUES('4ff3829f23751c08daab02e8e475b58a','bfb875394960556757b83dda2f9b8c95',3);
INSERT INTO problem_parents VALUES('4ff3829f23751c08daab02e8e475b58a','e246125c9d9fe23fb1658b80c78cab41',4);
INSERT INTO problem_parents VALUES('a0c860428d3c1f3dfe835576851fd9e3','23bad0d612a9ee22038ddc2eee1833e1',0);
INSERT INTO problem_parents VALUES('a0c860428d3c1f3dfe835576851fd9e3','62dcfc1f3c5635db6bb0de4707ee78d8',1);
INSERT INTO problem_parents VALUES('a0c860428d3c1f3dfe835576851fd9e3','bfb875394960556757b83dda2f9b8c95',2);
INSERT INTO problem_parents VALUES('1868e86c16dd7afda2e84f0f05941144','23bad0d612a9ee22038ddc2eee1833e1',0);
INSERT INTO problem_parents VALUES('1868e86c16dd7afda2e84f0f05941144','62dcfc1f3c5635db6bb0de4707ee78d8',1);
INSERT INTO problem_parents VALUES('1868e86c16dd7afda2e84f0f05941144','bfb875394960556757b83dda2f9b8c95',2);
INSERT INTO problem_parents VALUES('97ac593eee861b54dfc92a18bd89de62','23bad0d612a9ee22038ddc2eee1833e1',0);
INSERT INTO problem_parents VALUES('97ac593eee861b54dfc92a18bd89de62','62dcfc1f3c5635db6bb0de4707ee78d8',1);
INSERT INTO problem_parents VALUES('97ac593eee861b54dfc92a18bd89de62','bfb875394960556757b83dda2f9b8c95',2);
INSERT INTO problem_parents VALUES('e246125c9d9fe23fb1658b80c78cab41','23bad0d612a9ee22038ddc2eee1833e1',0);
INSERT INTO problem_parents VALUES('e246125c9d9fe23fb1658b80c78cab41','62dcfc1f3c5635db6bb0de4707ee78d8',1);
INSERT INTO problem_parents VALUES('e246125c9d9fe23fb1658b80c78cab41','bfb875394960556757b83dda2f9b8c95',2);
INSERT INTO problem_parents VALUES('4bf5103d5a2dcda949c3190d8bdad310','bfb875394960556757b83dda2f9b8c95',0);
INSERT INTO problem_parents VALUES('4bf5103d5a2dcda949c3190d8bdad310','97ac593eee861b54dfc92a18bd89de62',1);
INSERT INTO problem_parents VALUES('4bf5103d5a2dcda949c3190d8bdad310','62dcfc1f3c5635db6bb0de4707ee78d8',2);
INSERT INTO problem_parents VALUES('4bf5103d5a2dcda949c3190d8bdad310','e246125c9d9fe23fb1658b80c78cab41',3);
INSERT INTO problem_parents VALUES('4bf5103d5a2dcda949c3190d8bdad310','23bad0d612a9ee22038ddc2eee1833e1',4);
INSERT INTO problem_parents VALUES('459e2c7007caca435df262e93e2ef393','bfb875394960556757b83dda2f9b8c95',0);
INSERT INTO problem_parents VALUES('459e2c7007caca435df262e93e2ef393','97ac593eee861b54dfc92a18bd89de62',1);
INSERT INTO problem_parents VALUES('459e2c7007caca435df262e93e2ef393','62dcfc1f3c5635db6bb0de4707ee78d8',2);
INSERT INTO problem_parents VALUES('459e2c7007caca435df262e93e2ef393','e246125c9d9fe23fb1658b80c78cab41',3);
INSERT INTO problem_parents VALUES('459e2c7007caca435df262e93e2ef393','23bad0d612a9ee22038ddc2eee1833e1',4);
CREATE TABLE run_problems (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	fail_rate DOUBLE, 
	quota INTEGER, 
	ceiling INTEGER, 
	stop_reason VARCHAR(16), 
	CONSTRAINT pk_run_problems PRIMARY KEY (run_id, problem_id), 
	CONSTRAINT uq_run_problems_run_id_position UNIQUE (run_id, position), 
	CONSTRAINT fk_run_problems_runs FOREIGN KEY(run_id) REFERENCES runs (id), 
	CONSTRAINT fk_run_problems_problems FOREIGN KEY(problem_id) REFERENCES problems (id), 
	CONSTRAINT ck_run_problems_stop_reason CHECK (stop_reason IN ('quota_met', 'ceiling_reached', 'given_up', 'budget_spent', 'failed'))
);
INSERT INTO run_problems VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','745547681fb37069893309d423857a11',1,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',2,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',3,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','92ed16094730452a86c6f1fad5309bd5',4,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',5,NULL,2,6,'ceiling_reached');
INSERT INTO run_problems VALUES('finished','36e580fb3aca0366054e2f85dd73c777',6,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',7,NULL,2,6,'ceiling_reached');
INSERT INTO run_problems VALUES('finished','60187a7972aab7ce7e88337c6934e78b',8,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',9,NULL,2,6,'quota_met');
INSERT INTO run_problems VALUES('made.instructions','159f27f7a6c4248fcbf963b35c74e629',0,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('made.instructions','4408244ca2bdefb721ebe5192209b0e7',2,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('made.instructions','4ff3829f23751c08daab02e8e475b58a',3,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',1,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',4,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('made','1868e86c16dd7afda2e84f0f05941144',0,NULL,1,3,'quota_met');
INSERT INTO run_problems VALUES('made','97ac593eee861b54dfc92a18bd89de62',1,NULL,1,3,'quota_met');
INSERT INTO run_problems VALUES('made','e246125c9d9fe23fb1658b80c78cab41',2,NULL,1,3,'quota_met');
INSERT INTO run_problems VALUES('made','459e2c7007caca435df262e93e2ef393',3,NULL,1,3,'quota_met');
INSERT INTO run_problems VALUES('stopped','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','745547681fb37069893309d423857a11',1,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','d23d5dbf788ccc6457e18dfb8f894fcf',2,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','a37ea326dba116a54c1999f7187f4ff8',3,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','92ed16094730452a86c6f1fad5309bd5',4,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','4bad7f000ef45000034d5d5df2a7fe1d',5,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','36e580fb3aca0366054e2f85dd73c777',6,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','6df9117a221d7c3cdb69b6b8a810b4f4',7,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','60187a7972aab7ce7e88337c6934e78b',8,NULL,NULL,NULL,NULL);
INSERT INTO run_problems VALUES('stopped','bf5b4c7fa77b13bfd110ca089ef37e0b',9,NULL,NULL,NULL,NULL);
CREATE TABLE attempts (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	seed BIGINT NOT NULL, 
	finish_reason VARCHAR(16) NOT NULL, 
	prompt_tokens INTEGER NOT NULL, 
	completion_tokens INTEGER NOT NULL, 
	seconds DOUBLE NOT NULL, 
	model TEXT NOT NULL, 
	cumulative_logprob DOUBLE, 
	created_at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY (run_id, problem_id, number), 
	CONSTRAINT fk_attempts_run_problems FOREIGN KEY(run_id, problem_id) REFERENCES run_problems (run_id, problem_id), 
	CONSTRAINT ck_attempts_finish_reason CHECK (finish_reason IN ('stop', 'length', 'other'))
);
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',0,1624133989,'stop',20,119,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 60ce5165: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{54}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',1,958416274,'stop',20,79,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 39204592: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{81}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',2,292698559,'stop',20,90,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 117239bf: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{37}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',3,1774464492,'stop',20,91,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 69c42dec: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{96}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',4,1108746777,'stop',20,100,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 42162219: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{37}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',5,443029062,'stop',20,119,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 1a681646: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{114}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',0,1365919401,'stop',19,115,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 516a46a9: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{85}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',1,700201686,'stop',19,97,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 29bc3ad6: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{85}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',2,34483971,'stop',19,147,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 020e2f03: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{30}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',3,1516249904,'stop',19,144,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 5a602330: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{74}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',4,850532189,'stop',19,87,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 32b2175d: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{68}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',5,184814474,'stop',19,129,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 0b040b8a: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{59}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',0,1115906646,'stop',20,112,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 42836256: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',1,450188931,'stop',20,163,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 1ad55683: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',2,1931954864,'stop',20,167,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 73274ab0: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',0,455418783,'stop',19,172,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 1b25239f: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{99}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',1,1937184716,'stop',19,117,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 737717cc: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{66}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',2,1271467001,'stop',19,74,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 4bc90bf9: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{147}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',3,605749286,'stop',19,75,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 241b0026: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{63}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',4,2087515219,'stop',19,86,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 7c6cf453: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{56}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',5,1421797504,'stop',19,154,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 54bee880: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{114}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','745547681fb37069893309d423857a11',0,539325721,'stop',19,67,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 20257519: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{4}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','745547681fb37069893309d423857a11',1,2021091654,'stop',19,152,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 78776946: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{4}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','745547681fb37069893309d423857a11',2,1355373939,'stop',19,65,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 50c95d73: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{4}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',0,2117870861,'stop',20,105,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 7e3c250d: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{12}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',1,1452153146,'stop',20,126,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 568e193a: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{27}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',2,786435431,'stop',20,80,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 2ee00d67: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{12}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',3,120717716,'stop',20,96,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 07320194: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{12}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',0,106751261,'stop',20,101,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 065ce51d: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{98}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',1,1588517194,'stop',20,180,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 5eaed94a: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',2,922799479,'stop',20,72,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 3700cd77: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',3,257081764,'stop',20,123,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 0f52c1a4: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',4,1738847697,'stop',20,121,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 67a4b5d1: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{71}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',5,1073129982,'stop',20,61,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 3ff6a9fe: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{25}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',0,777512761,'stop',20,140,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 2e57e739: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{9}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',1,111795046,'stop',20,73,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 06a9db66: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{14}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',2,1593560979,'stop',20,121,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 5efbcf93: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{9}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',3,927843264,'stop',20,154,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 374dc3c0: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{9}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',0,28281543,'stop',19,64,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 01af8ac7: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{29}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',1,1510047476,'stop',19,160,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 5a017ef4: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{13}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',2,844329761,'stop',19,61,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 32537321: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{90}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',3,178612046,'stop',19,60,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 0aa5674e: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{13}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',4,1660377979,'stop',19,133,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 62f75b7b: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{13}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',5,994660264,'stop',19,102,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 3b494fa8: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{13}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,1924736566,'stop',19,102,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 72b92636: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{7}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',1,1259018851,'stop',19,174,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 4b0b1a63: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{52}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',2,593301136,'stop',19,117,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 235d0e90: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{7}.','\n',char(10)));
INSERT INTO attempts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',3,2075067069,'stop',19,146,0.0,'scripted',NULL,'2026-11-30 20:58:16.876579',replace('Working 7baf02bd: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{7}.','\n',char(10)));
INSERT INTO attempts VALUES('made.instructions','159f27f7a6c4248fcbf963b35c74e629',0,976440479,'stop',98,94,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913','');
INSERT INTO attempts VALUES('made.instructions','159f27f7a6c4248fcbf963b35c74e629',1,310722764,'stop',98,127,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913','');
INSERT INTO attempts VALUES('made.instructions','4408244ca2bdefb721ebe5192209b0e7',0,1329042171,'stop',143,169,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913','');
INSERT INTO attempts VALUES('made.instructions','4ff3829f23751c08daab02e8e475b58a',0,321968495,'stop',143,61,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913','');
INSERT INTO attempts VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',0,1431723368,'stop',98,67,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913',replace('Task 9: Compare what novels and geometry have to do with clocks, astronomy and bread.\nTask 10: Rank why people who know chess and printing seldom learn novels, markets or medicine.\nTask 11: Rank why people who know trade and violins seldom learn festivals, clocks or harbours.','\n',char(10)));
INSERT INTO attempts VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',1,766005653,'stop',98,147,0.0,'scripted',NULL,'2026-11-30 20:58:27.805913','');
INSERT INTO attempts VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',0,978879801,'stop',145,75,0.0,'scripted',NULL,'2026-11-30 20:58:30.969738',replace('Task 9: Describe how lanterns changed planets once clocks came up beside astronomy or geometry.\nTask 10: Describe a plan that brings geometry, fishing and mining together without clocks or sailing.\nTask 11: Compare five mistakes about forests and festivals that make rivers, pottery and carpentry harder.','\n',char(10)));
INSERT INTO attempts VALUES('made','1868e86c16dd7afda2e84f0f05941144',0,1940960110,'stop',19,173,0.0,'scripted',NULL,'2026-11-30 20:58:36.420584',replace('Working 73b0b36e: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{1000099}.','\n',char(10)));
INSERT INTO attempts VALUES('made','459e2c7007caca435df262e93e2ef393',0,2105839706,'stop',21,88,0.0,'scripted',NULL,'2026-11-30 20:58:36.420584',replace('Working 7d84905a: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{1000076}.','\n',char(10)));
INSERT INTO attempts VALUES('made','97ac593eee861b54dfc92a18bd89de62',0,890389446,'stop',21,153,0.0,'scripted',NULL,'2026-11-30 20:58:36.420584',replace('Working 351243c6: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{1000088}.','\n',char(10)));
INSERT INTO attempts VALUES('made','e246125c9d9fe23fb1658b80c78cab41',0,1462677170,'stop',21,103,0.0,'scripted',NULL,'2026-11-30 20:58:36.420584',replace('Working 572eaeb2: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{}.','\n',char(10)));
INSERT INTO attempts VALUES('stopped','745547681fb37069893309d423857a11',0,398351311,'stop',19,111,0.56153225932211614512,'scripted',NULL,'2026-11-30 20:58:51.067211',replace('Working 17be5bcf: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{49}.','\n',char(10)));
INSERT INTO attempts VALUES('stopped','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,2079530010,'stop',19,99,1.9495931140647160262,'scripted',NULL,'2026-11-30 20:58:57.750674',replace('Working 7bf31c1a: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{89}.','\n',char(10)));
INSERT INTO attempts VALUES('stopped','d23d5dbf788ccc6457e18dfb8f894fcf',0,1903493067,'stop',19,149,1.496389132598759275,'scripted',NULL,'2026-11-30 20:58:57.769618',replace('Working 7174ffcb: take what is given, combine it step by step, and check the result.\nThe final answer is \boxed{13}.','\n',char(10)));
CREATE TABLE verdicts (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	ordinal INTEGER NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	reason TEXT NOT NULL, 
	verifier TEXT NOT NULL, 
	version TEXT NOT NULL, 
	seconds DOUBLE NOT NULL, 
	created_at DATETIME NOT NULL, 
	span_start INTEGER, 
	span_end INTEGER, 
	answer TEXT, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (run_id, problem_id, number, ordinal), 
	CONSTRAINT fk_verdicts_attempts FOREIGN KEY(run_id, problem_id, number) REFERENCES attempts (run_id, problem_id, number), 
	CONSTRAINT ck_verdicts_outcome CHECK (outcome IN ('accepted', 'rejected', 'undecided'))
)
 WITHOUT ROWID

;
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00033876100008001230889,'2026-11-30 20:58:16.876579',112,114,'54','54 against 37');
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00033735199997408926719,'2026-11-30 20:58:16.876579',112,114,'81','81 against 37');
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00015153500010001152986,'2026-11-30 20:58:16.876579',112,114,'37','37 against 37');
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',3,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00029562500003521563485,'2026-11-30 20:58:16.876579',112,114,'96','96 against 37');
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',4,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00014805700004671962233,'2026-11-30 20:58:16.876579',112,114,'37','37 against 37');
INSERT INTO verdicts VALUES('finished','36e580fb3aca0366054e2f85dd73c777',5,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.0004289569999400555389,'2026-11-30 20:58:16.876579',112,115,'114','114 against 37');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00038184200002433499321,'2026-11-30 20:58:16.876579',112,114,'85','85 against 30');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00048898700003974227001,'2026-11-30 20:58:16.876579',112,114,'85','85 against 30');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.01230581799995889014,'2026-11-30 20:58:16.876579',112,114,'30','30 against 30');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',3,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00035916000001634529326,'2026-11-30 20:58:16.876579',112,114,'74','74 against 30');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',4,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00032718099998874095035,'2026-11-30 20:58:16.876579',112,114,'68','68 against 30');
INSERT INTO verdicts VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d',5,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00038046700001359567977,'2026-11-30 20:58:16.876579',112,114,'59','59 against 30');
INSERT INTO verdicts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00016019700001379533205,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',1,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00016418200004864047514,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','60187a7972aab7ce7e88337c6934e78b',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00050238500000432395609,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.0004889100000582402572,'2026-11-30 20:58:16.876579',112,114,'99','99 against 56');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.000305690000004688045,'2026-11-30 20:58:16.876579',112,114,'66','66 against 56');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',2,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00030495499993321573128,'2026-11-30 20:58:16.876579',112,115,'147','147 against 56');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',3,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00029218499992111901519,'2026-11-30 20:58:16.876579',112,114,'63','63 against 56');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',4,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013674000001628883183,'2026-11-30 20:58:16.876579',112,114,'56','56 against 56');
INSERT INTO verdicts VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4',5,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00032346600005439540836,'2026-11-30 20:58:16.876579',112,115,'114','114 against 56');
INSERT INTO verdicts VALUES('finished','745547681fb37069893309d423857a11',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00031733800005895318463,'2026-11-30 20:58:16.876579',112,113,'4','4 against 4');
INSERT INTO verdicts VALUES('finished','745547681fb37069893309d423857a11',1,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00014167300003009586362,'2026-11-30 20:58:16.876579',112,113,'4','4 against 4');
INSERT INTO verdicts VALUES('finished','745547681fb37069893309d423857a11',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013473100000283011468,'2026-11-30 20:58:16.876579',112,113,'4','4 against 4');
INSERT INTO verdicts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00021509400005470524774,'2026-11-30 20:58:16.876579',112,114,'12','12 against 12');
INSERT INTO verdicts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00033250100000259408261,'2026-11-30 20:58:16.876579',112,114,'27','27 against 12');
INSERT INTO verdicts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013735799996084097074,'2026-11-30 20:58:16.876579',112,114,'12','12 against 12');
INSERT INTO verdicts VALUES('finished','92ed16094730452a86c6f1fad5309bd5',3,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00021205799998824659269,'2026-11-30 20:58:16.876579',112,114,'12','12 against 12');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00037038300001768220681,'2026-11-30 20:58:16.876579',112,114,'98','98 against 25');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',1,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00014114399994014092953,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00014453400001457339385,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',3,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013957800001662690192,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',4,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00030477600000722304685,'2026-11-30 20:58:16.876579',112,114,'71','71 against 25');
INSERT INTO verdicts VALUES('finished','a37ea326dba116a54c1999f7187f4ff8',5,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00017832100002124207094,'2026-11-30 20:58:16.876579',112,114,'25','25 against 25');
INSERT INTO verdicts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013285599993650976102,'2026-11-30 20:58:16.876579',112,113,'9','9 against 9');
INSERT INTO verdicts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00029583599996385601116,'2026-11-30 20:58:16.876579',112,114,'14','14 against 9');
INSERT INTO verdicts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00039653299995734414551,'2026-11-30 20:58:16.876579',112,113,'9','9 against 9');
INSERT INTO verdicts VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b',3,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.024320398999975623155,'2026-11-30 20:58:16.876579',112,113,'9','9 against 9');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00047148600003765750443,'2026-11-30 20:58:16.876579',112,114,'29','29 against 13');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',1,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00016335500004061032086,'2026-11-30 20:58:16.876579',112,114,'13','13 against 13');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',2,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00032290600006490421947,'2026-11-30 20:58:16.876579',112,114,'90','90 against 13');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',3,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00017455700003665697295,'2026-11-30 20:58:16.876579',112,114,'13','13 against 13');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',4,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00014316600004349311348,'2026-11-30 20:58:16.876579',112,114,'13','13 against 13');
INSERT INTO verdicts VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf',5,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.012299899000026925932,'2026-11-30 20:58:16.876579',112,114,'13','13 against 13');
INSERT INTO verdicts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.0010181530000181737705,'2026-11-30 20:58:16.876579',112,113,'7','7 against 7');
INSERT INTO verdicts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',1,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.00036537100004352396354,'2026-11-30 20:58:16.876579',112,114,'52','52 against 7');
INSERT INTO verdicts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',2,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.00013554399993154220283,'2026-11-30 20:58:16.876579',112,113,'7','7 against 7');
INSERT INTO verdicts VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b',3,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.01615935299992088403,'2026-11-30 20:58:16.876579',112,113,'7','7 against 7');
INSERT INTO verdicts VALUES('made','1868e86c16dd7afda2e84f0f05941144',0,0,'accepted','sound','sound','1/gates-1',5.7162000075550167821e-05,'2026-11-30 20:58:36.420584',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made','459e2c7007caca435df262e93e2ef393',0,0,'accepted','sound','sound','1/gates-1',3.3905999998751212842e-05,'2026-11-30 20:58:36.420584',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made','97ac593eee861b54dfc92a18bd89de62',0,0,'accepted','sound','sound','1/gates-1',4.4964000039726670365e-05,'2026-11-30 20:58:36.420584',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made','e246125c9d9fe23fb1658b80c78cab41',0,0,'accepted','sound','sound','1/gates-1',4.3206999976064253132e-05,'2026-11-30 20:58:36.420584',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made.instructions','159f27f7a6c4248fcbf963b35c74e629',0,0,'rejected','empty','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.0015221429999883184791,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made.instructions','159f27f7a6c4248fcbf963b35c74e629',1,0,'rejected','empty','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.008467066999969574681,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made.instructions','4408244ca2bdefb721ebe5192209b0e7',0,0,'rejected','empty','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.0052316199999040691182,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',0,0,'accepted','new','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',3.4110439039999391752,'2026-11-30 20:58:30.969738',NULL,NULL,NULL,'1 of 3 candidates accepted');
INSERT INTO verdicts VALUES('made.instructions','4ff3829f23751c08daab02e8e475b58a',0,0,'rejected','empty','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.00025377700001172343036,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',0,0,'accepted','new','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.012698240999952759011,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'3 of 3 candidates accepted');
INSERT INTO verdicts VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',1,0,'rejected','empty','gates','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f',0.0037940529999787031556,'2026-11-30 20:58:27.805913',NULL,NULL,NULL,'');
INSERT INTO verdicts VALUES('stopped','745547681fb37069893309d423857a11',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.0013296609999997599516,'2026-11-30 20:58:51.067211',112,114,'49','49 against 4');
INSERT INTO verdicts VALUES('stopped','d23d5dbf788ccc6457e18dfb8f894fcf',0,0,'accepted','equal','math','3/math-verify-0.9.0/phrases',0.0003901519999089941848,'2026-11-30 20:58:57.769618',112,114,'13','13 against 13');
INSERT INTO verdicts VALUES('stopped','f7b6ba484f5710cd8eaf6dce1a7a8b9b',0,0,'rejected','wrong-answer','math','3/math-verify-0.9.0/phrases',0.0019993559999420540407,'2026-11-30 20:58:57.750674',112,114,'89','89 against 7');
CREATE TABLE failures (
	id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	seed BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	seconds DOUBLE NOT NULL, 
	created_at DATETIME NOT NULL, 
	batch TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_failures PRIMARY KEY (id), 
	CONSTRAINT uq_failures_batch_position UNIQUE (batch, position), 
	CONSTRAINT fk_failures_run_problems FOREIGN KEY(run_id, problem_id) REFERENCES run_problems (run_id, problem_id)
);
CREATE TABLE exports (
	id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	format TEXT NOT NULL, 
	filter TEXT NOT NULL, 
	run_ids TEXT NOT NULL, 
	row_count INTEGER NOT NULL, 
	checksum TEXT NOT NULL, 
	created_at DATETIME NOT NULL, manifest TEXT, withdrawn_at DATETIME, withdrawn_because TEXT, replaced_by INTEGER, 
	CONSTRAINT pk_exports PRIMARY KEY (id)
);
INSERT INTO exports VALUES(1,'/before/old-sft','sft','{"runs":["finished"]}','["finished"]',18,'2912b4d66fdb809a5ff107ecdef5f221bdb980cc70f73d72316dfcea11bd2f7a','2026-11-30 20:59:16.537337',replace('{\012  "manifest_version": 1,\012  "gristmill": "0.1.0",\012  "schema_revision": "0004",\012  "versions": {\012    "orjson": "3.13.0",\012    "pyarrow": "26.0.1",\012    "py3langid": "0.4.0",\012    "python": "3.11.7",\012    "zlib": "1.2.13"\012  },\012  "settings": {\012    "output": {\012      "format": "sft",\012      "container": "jsonl",\012      "form": "conversational",\012      "separator": "\n",\012      "seed": 0\012    },\012    "filter": {\012      "runs": [\012        "finished"\012      ],\012      "run_recipes": [],\012      "models": [],\012      "sources": [],\012      "levels": [],\012      "reasons": [],\012      "without_reasons": [],\012      "min_pass_rate": null,\012      "max_pass_rate": null,\012      "min_tokens": null,\012      "max_tokens": null,\012      "with_surplus": false,\012      "benchmarks": []\012    },\012    "keep": {\012      "per_problem": null,\012      "keep": null,\012      "keep_metric": null\012    },\012    "pairs": {\012      "pairing": "random",\012      "pairs_per_problem": 1,\012      "margin_metric": null\012    },\012    "splits": {\012      "validation": 0.0,\012      "test": 0.0\012    },\012    "transform": {\012      "markers": [],\012      "marker_metric": null,\012      "marker_dropout_all": 0.0,\012      "marker_dropout_each": 0.0,\012      "styles": null,\012      "shots": 3,\012      "step_threshold": 0.0\012    },\012    "card": {\012      "title": null,\012      "license": null,\012      "languages": []\012    }\012  },\012  "query": "SELECT verdicts.problem_id, attempts.run_id, attempts.number, verdicts.ordinal, attempts.model, verdicts.outcome, verdicts.reason, verdicts.verifier, attempts.completion_tokens, attempts.cumulative_logprob, attempts.text FROM verdicts JOIN attempts ON verdicts.run_id = attempts.run_id AND verdicts.problem_id = attempts.problem_id AND verdicts.number = attempts.number WHERE verdicts.run_id = :run_id_1 AND verdicts.problem_id > :problem_id_1 AND verdicts.problem_id <= :problem_id_2 AND verdicts.outcome IN (:outcome_1) AND verdicts.created_at <= :created_at_1 AND NOT (EXISTS (SELECT * FROM verdicts AS verdicts_1 WHERE verdicts_1.run_id = verdicts.run_id AND verdicts_1.problem_id = verdicts.problem_id AND verdicts_1.number = verdicts.number AND verdicts_1.ordinal > verdicts.ordinal AND verdicts_1.created_at <= :created_at_2)) ORDER BY verdicts.problem_id, verdicts.number",\012  "as_of": "2026-11-30T20:59:15.611410Z",\012  "runs": {\012    "finished": {\012      "recipe": "dart-uniform",\012      "models": [\012        "scripted"\012      ],\012      "verifiers": [\012        "math 3/math-verify-0.9.0/phrases"\012      ],\012      "generation": {\012        "template": "boxed",\012        "question": "{problem}\n\nReason step by step, and put your final answer within \\boxed{}.",\012        "backend": "scripted",\012        "temperature": "1.6",\012        "top_p": "0.95",\012        "max_tokens": "2048",\012        "script_pass_rate": "0.5",\012        "script_length_rate": "0.0",\012        "script_tokens": "120"\012      },\012      "problems": 10,\012      "attempts": {\012        "accepted: equal": 27,\012        "rejected: wrong-answer": 21\012      },\012      "quotas_sha256": "012ef5787f299313378aea62968c6117f8a16f6f27ec0e25b9f9185ae8982e51"\012    }\012  },\012  "without_models": [],\012  "inputs": {},\012  "rows": 18,\012  "problems": 10,\012  "counts": {\012    "split": {\012      "train": 18\012    },\012    "source": {\012      "demo": 18\012    },\012    "level": {\012      "1 one-step sum": 18\012    },\012    "run": {\012      "finished": 18\012    },\012    "model": {\012      "scripted": 18\012    },\012    "verifier": {\012      "math": 18\012    },\012    "reason": {\012      "accepted: equal": 18\012    }\012  },\012  "left_out": {\012    "responses beyond the quota or not chosen": 9\012  },\012  "escaped_texts": 0,\012  "rows_sha256": "7f0a55e5b3dc82f1e3df64776d6f75faf3a0bf47fb4e3c6f2471c4530a7e582d",\012  "features": {\012    "messages": "list<item: struct<role: string, content: string>>",\012    "metadata": "struct<problem_id: string, run_id: string, number: int32, model: string, level: string, source: string>"\012  },\012  "files": [\012    {\012      "path": "data/train.jsonl",\012      "bytes": 6526,\012      "sha256": "0b21c9bac10a26e737c02dd206a50ba760279b5012e2e4ac0d5424076262e602"\012    },\012    {\012      "path": "provenance.parquet",\012      "bytes": 1730,\012      "sha256": "5157d2f822bcc3224a20fa98c45ae3056312578035aad51cd538489b3d41cca6"\012    }\012  ]\012}\012','\012',char(10)),NULL,NULL,NULL);
CREATE TABLE candidates (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	made_id TEXT NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	reason TEXT NOT NULL, 
	version TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_candidates PRIMARY KEY (run_id, problem_id, number, position), 
	CONSTRAINT fk_candidates_run_problems FOREIGN KEY(run_id, problem_id) REFERENCES run_problems (run_id, problem_id), 
	CONSTRAINT ck_candidates_outcome CHECK (outcome IN ('accepted', 'rejected', 'undecided'))
);
INSERT INTO candidates VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',0,0,'1868e86c16dd7afda2e84f0f05941144','accepted','new','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:27.758163','Compare what novels and geometry have to do with clocks, astronomy and bread.','','');
INSERT INTO candidates VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',0,1,'97ac593eee861b54dfc92a18bd89de62','accepted','new','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:27.758163','Rank why people who know chess and printing seldom learn novels, markets or medicine.','','');
INSERT INTO candidates VALUES('made.instructions','a0c860428d3c1f3dfe835576851fd9e3',0,2,'e246125c9d9fe23fb1658b80c78cab41','accepted','new','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:27.758163','Rank why people who know trade and violins seldom learn festivals, clocks or harbours.','','');
INSERT INTO candidates VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',0,0,'459e2c7007caca435df262e93e2ef393','accepted','new','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:30.939115','Describe how lanterns changed planets once clocks came up beside astronomy or geometry.','','');
INSERT INTO candidates VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',0,1,'f964058ee4e619405c50bcba25153f3e','undecided','beyond-target','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:30.939115','Describe a plan that brings geometry, fishing and mining together without clocks or sailing.','','');
INSERT INTO candidates VALUES('made.instructions','4bf5103d5a2dcda949c3190d8bdad310',0,2,'2b975d4ccf409bba33829c68deb7275e','undecided','beyond-target','1/py3langid-0.4.0,rapidfuzz-3.14.6,rensa-0.5.0/462ac93f','2026-11-30 20:58:30.939115','Compare five mistakes about forests and festivals that make rivers, pottery and carpentry harder.','','');
CREATE TABLE signatures (
	problem_id TEXT NOT NULL, 
	version TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	CONSTRAINT pk_signatures PRIMARY KEY (problem_id), 
	CONSTRAINT fk_signatures_problems FOREIGN KEY(problem_id) REFERENCES problems (id)
);
INSERT INTO signatures VALUES('1868e86c16dd7afda2e84f0f05941144','2/5-120/rensa-2',X'52656e73613a524d696e486173683a32008290b59205780178e6ccd58b01b8c4a317f0b3a9800c8998b92d859dfcf8089ed8cd820c86b1ffeb0382a3c7c302899eea810cb18aad8f06a7e1bac509bd908bd608ebf789830ca4baa7e104fcf6c7810be8c290840c9da0ffc302b0fdd5ef028bef83ea02b3fcb5f701a2e8afa206d696bc820cb5d0f66fc3cfbe840cf8d0b9f002e890f5588fd0b6ba04b5ddbb17fdb7e48e03fbd383810c9fa8fe8e0ca686c48f01d9e9b9860cddbcc84abedbe198088becf4820cdad7c6810c8dc1d0e604c78b845af0a5e6850cbbcd8d0ee8aeb69305cafbd8f103a6cc99d003f588cc5fd6eed9e205beb099880cac9ae869d1a5dcbe08cd8cddcb05b799ebac02b8cfdeb209aca8a78501baa696aa05eee89def09a3bb81be02dda4dce403e5b5a563b1b4bf63b3aaabb406d68caecf0888a8a2bb07e883eba505f186d2a00483eefa900cc7f7b09202fce69b950aa1e4c61ee58ef0950380fbbdcd039889e3880694e2b09503fd929eb902da949b8807d09ce8d80285faf2b103a0cebe840cf1b0ddd806a3cec38f0480a5c6820c999691e80182c5bca40181bbde309c95afb50286a0c7b20baffb82ac019392c12aa7f3908e0888c2bae206bda4f9810ca0afa2840cebd2c2810c81eed1c204e8f08ebb03f2d6b4c40889bf9dc201ece6e68f059db8eedd01e8fcfcaf02dffaeac306a4d993f807a28d96a801b5beb7f603d4f4b4ca03ceeecb02888fb08c0287a891f804c1f5a2c102f2e2dd800ce1bb905dd9b8e3850ccfcbc2820ccc83d1c30a9dccbcd905b2a6e0ad06f6e5f1900687f9cca301a7deaecb08988999e703deb5f0f604');
INSERT INTO signatures VALUES('97ac593eee861b54dfc92a18bd89de62','2/5-120/rensa-2',X'52656e73613a524d696e486173683a32008290b59205780178cec1a32c9dd397e602aad5cab301e9c6eb900c86b0ca8d099ed8cd820c86b1ffeb03c8d8fcfe03ecbfc88902a590eeb7029186af830cc282e89402efb0d48b0cc582e3a304b19fcf8104c0f1dadb0892e2d7c902d993db8a01eeb4cf3e99ceafe702dd83ba5185d9dffe0398d7d157be91d6830ccbe3988402faf4f68b03c3bde5f905eee39fb60ab5cfa58c01fad5d4ec0bc6d8eac006e5aab59009b2b0f3b00197cbfdf507d1ed8a830cabb09d8c08f0849dd407f299f7b001fa869fe50aa1c3a4fd028aa2ec15c5e8cc249bb691cc01a294de65e5cfcf2adcb0b7af02c68aa58903bb85939806e2f4f1da03e4d7c4870c8cf28dbe08ffbaadc50bab9fb8cf02d5fee76b94bdb7ef07fbb0ccc802b8e8afd103bbfe9bd909c8b7e9cc01a6a7b9840ce598b5068aa9a7e606d5c9a97ed4fdd3940c9fc1e6df03c7f7b09202a7af81a106a1e4c61e88abd08a0cfa979035abd68204f2d18d810c91f4b2c20898d9aeb4049386e63be28ca0840c90bfe8e806d3d79b810ca6c5c09201cfe38ad401ddced0cf0182c5bca4019d80fadd04e0a79bd50aaadaef850c8adc95810c8989ca8c0caca5a3fb05b4e3910a8cbfb013fdf5a59608fcf6bacb02bba7b6a101a9cf91ba05c483e5a803c9c6dde602bc8aef8d0c8dd9abc40699f7fffb0b9eb08a8804a1d4d59e05d896a1af09bad8df4ec8c68ce70b98b7e9dc07b6fdeeb9068d86caf907c0dcd4b905c980fedb04d1ac9799019597b7fe01c2e199af02e194b0e305d38a95800c8bafd9de049fcc9e9e0697d1b9a205a7deaecb08a581db40b7f7ce47');
INSERT INTO signatures VALUES('e246125c9d9fe23fb1658b80c78cab41','2/5-120/rensa-2',X'52656e73613a524d696e486173683a32008290b59205780178cec1a32c84f5aa2caad5cab301ea9fb78a0682cced800c9ed8cd820c92aaa6ab0286c98cad0acab89d800cb2f6c952cc8cb1820cc282e89402efb0d48b0cc582e3a304fcf6c7810bc0f1dadb08a6b1fcb102df84c6e2058bf9ebf50189879ee005ddecc44a8af2fdf50198d7d157bec6978302eb87e48906faf4f68b0395fce0f101b5ddbb17b5cfa58c01fd8e8b9904c6d8eac006c5a08306b2b0f3b0019ad6e08403dce6c6f20190b2ae840ca186f4d204f299f7b001c78b845a8cb69aa2018bfdac25cfdb96ea079bb691cc01c8d4eb8a0ce5cfcf2aa6dc931991a5aab308ac9ae869e8b3a6830c85c982d705caeac79903cbf1b0810c82cbb8800cd5fee76baee1e0a204fbb0ccc802b8e8afd103999bba810cd9c6acb009f38de6a008d4a6ea890cff80d7810c9bfcea840cf1fc8acf0ada83ddc50bccd5ba9f03a8fcc9830ca1e4c61efde590e006f3c2d0f5039bd7d5eb09cccbe9e6038ab492da06f0b899b105dad085b004bdcad5870b88fde2c807a0f18bf901a6c5c09201cfd0b5a002ddced0cf019dcce6a60af4eeb3b906b4cb93960592eaf97ed3a1efd90baec7a1db01ddfcc740ced1cd0b8cbfb013f0de93f305f59db9830cbba7b6a101fde9cec00383d0c9ca01ce8ccd21d290b0a204dcc4a7e801f1c88db309919cbfea03ccebf18b0cd896a1af09bad8df4e8cdab4be02d2c3ede008b6fdeeb906978ddbf404c0dcd4b905bb9090df0ad1ac979901b0ebfd9d0589ddbec804ea9598d908bd8add900bda98a97a9fcc9e9e06fe8acc9705a6f98cf908a581db40e08d9f810c');
INSERT INTO signatures VALUES('459e2c7007caca435df262e93e2ef393','2/5-120/rensa-2',X'52656e73613a524d696e486173683a32008290b592057801788c9eff56f6cbf5db04e79bdbe1018998b92d8fa6e763d8a4e08a0ca7968b9704e2ee80ba03dcf2a1f403b18aad8f068bf2efb9018ccab78d01bfdad4f0018f96c9279ddc9b800ccddb82ff05f9d39cab01eefff6d3058bef83ea02d59ce57bbbe7deea05f197f6a409b5d0f66fd4ddb2ef0282fef9f101e49c9b7b8fd0b6ba04b5ddbb17cbfdb2c50987c7c2a401ad8c89d302dd96dab802858ff9be08b3e7f2820cdaa7ab0990b9c4f90bc8f4a6e106cdb1d4a808c78b845ad7c58cb007a5fba2cd04e8aeb69305ced9feb408c6e5d454df86a5810cd6eed9e205f3a5a7d906ac9ae869b79cb18f09ecead1ce02a6e3f3be018edccfae04c9e7c32384c9c051ccc7b4c101a6bb92ee06e7ab93f109a4c99b820cdca585fe0286cb84ac08ceb18f870caab6b4820cc096e6ae0adbcfae8109c1838af506a3d385a4068abed3fd02d59ae6880cf5afd9970980fbbdcd03a88cdbe40494e2b09503b2c885f004edd2ded301d59085df02eaffd8c80ae0b3ce8e0cbb9aeacf02b6d2811faf9a8957c6ead51fe5b39c840cd2dbc5ad0182d4849d059fc3bbf8098ff2f4820c9cd29be40189aadbfb0995b4ff9903b6d2d0800c94d192e6059debdd8601fe8fec33a4a0f6890af2d6b4c40893a780fc03d9d2de8105b5e2c1f005ea81f4f201889ce2ce09c18ba6b20bdc93c08c09a0a5a3c507d4f4b4ca03ceda95d706888fb08c029ae5ab47bce3f4ed02988ebee009e7d29b9b03d39cb2860c95f49f9404cff3df11c4fdcebe06e8fb815ff6e5f1900691e3ed820cfde5961cdda79cfd03e3d59b9e05');
CREATE TABLE metrics (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	value DOUBLE NOT NULL, 
	rank INTEGER, created_at DATETIME, 
	CONSTRAINT pk_metrics PRIMARY KEY (run_id, problem_id, number, name), 
	CONSTRAINT fk_metrics_attempts FOREIGN KEY(run_id, problem_id, number) REFERENCES attempts (run_id, problem_id, number)
);
CREATE TABLE quotas (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	quota INTEGER, 
	CONSTRAINT pk_quotas PRIMARY KEY (run_id, problem_id, created_at), 
	CONSTRAINT fk_quotas_run_problems FOREIGN KEY(run_id, problem_id) REFERENCES run_problems (run_id, problem_id)
);
INSERT INTO quotas VALUES('finished','36e580fb3aca0366054e2f85dd73c777','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','4bad7f000ef45000034d5d5df2a7fe1d','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','60187a7972aab7ce7e88337c6934e78b','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','6df9117a221d7c3cdb69b6b8a810b4f4','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','745547681fb37069893309d423857a11','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','92ed16094730452a86c6f1fad5309bd5','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','a37ea326dba116a54c1999f7187f4ff8','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','bf5b4c7fa77b13bfd110ca089ef37e0b','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','d23d5dbf788ccc6457e18dfb8f894fcf','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('finished','f7b6ba484f5710cd8eaf6dce1a7a8b9b','2026-11-30 20:58:16.876579',2);
INSERT INTO quotas VALUES('made','1868e86c16dd7afda2e84f0f05941144','2026-11-30 20:58:36.420584',1);
INSERT INTO quotas VALUES('made','459e2c7007caca435df262e93e2ef393','2026-11-30 20:58:36.420584',1);
INSERT INTO quotas VALUES('made','97ac593eee861b54dfc92a18bd89de62','2026-11-30 20:58:36.420584',1);
INSERT INTO quotas VALUES('made','e246125c9d9fe23fb1658b80c78cab41','2026-11-30 20:58:36.420584',1);
CREATE TABLE steps (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	span_start INTEGER NOT NULL, 
	span_end INTEGER NOT NULL, 
	value DOUBLE NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_steps PRIMARY KEY (run_id, problem_id, number, position), 
	CONSTRAINT fk_steps_attempts FOREIGN KEY(run_id, problem_id, number) REFERENCES attempts (run_id, problem_id, number)
);
CREATE TABLE withdrawals (
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_withdrawals PRIMARY KEY (kind, name)
);
CREATE TABLE workers (
	id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	alone BOOLEAN NOT NULL, 
	draws BOOLEAN NOT NULL, 
	host TEXT NOT NULL, 
	process TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (id), 
	CONSTRAINT fk_workers_runs FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE leases (
	run_id TEXT NOT NULL, 
	problem_id TEXT NOT NULL, 
	worker_id TEXT NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (run_id, problem_id), 
	CONSTRAINT fk_leases_run_problems FOREIGN KEY(run_id, problem_id) REFERENCES run_problems (run_id, problem_id), 
	CONSTRAINT fk_leases_workers FOREIGN KEY(worker_id) REFERENCES workers (id)
);
CREATE INDEX ix_failures_run_id_problem_id ON failures (run_id, problem_id);
CREATE INDEX ix_candidates_made_id ON candidates (made_id);
CREATE INDEX ix_run_problems_open ON run_problems (run_id, position) WHERE stop_reason IS NULL;
CREATE INDEX ix_workers_run_id ON workers (run_id);
CREATE INDEX ix_leases_worker_id ON leases (worker_id);
COMMIT;
