BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0014');
CREATE TABLE appeal (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	contact VARCHAR NOT NULL, 
	about VARCHAR NOT NULL, 
	takedown_id VARCHAR(32), 
	received_on DATE NOT NULL, 
	due_on DATE NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(takedown_id) REFERENCES takedown (id), 
	UNIQUE (number)
);
INSERT INTO "appeal" VALUES('8a96deb1fc784750bd862b1bf19d6172',1,'P. Hotographer','p@h.test','My post.','e060d44cdbf14f4da111959b849e3659','2026-06-03','2026-07-17','2026-06-03 16:07:02.250000','rex.records');
INSERT INTO "appeal" VALUES('dde193893652425fa6c23c7f9d09fd66',2,'Somebody','','A refusal.',NULL,'2026-06-03','2026-07-17','2026-06-03 16:08:53.250000','rex.records');
CREATE TABLE appeal_step (
	id INTEGER NOT NULL, 
	appeal_id VARCHAR(32) NOT NULL, 
	step VARCHAR(16) NOT NULL, 
	decision VARCHAR(16), 
	reason VARCHAR NOT NULL, 
	"on" DATE NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(appeal_id) REFERENCES appeal (id)
);
INSERT INTO "appeal_step" VALUES(1,'8a96deb1fc784750bd862b1bf19d6172','answered','partly','It may come back cropped.','2026-06-03','2026-06-03 16:10:44.250000','eve.director');
INSERT INTO "appeal_step" VALUES(2,'8a96deb1fc784750bd862b1bf19d6172','to_board',NULL,'','2026-06-03','2026-06-03 16:12:35.250000','rex.records');
CREATE TABLE audit_event (
	place INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	subject VARCHAR(128) NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	details JSON NOT NULL, 
	changes_register BOOLEAN NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (place), 
	UNIQUE (digest)
);
INSERT INTO "audit_event" VALUES(1,'2026-06-03 14:00:37.250000','event:created','3300bd289374491980be39e20653c586','ed.press','communications','{"public_space": false}',1,'0000000000000000000000000000000000000000000000000000000000000000','49f801d2de5afd207eabb12a1bb750a66fa98346fc4f5f8f5b4ce312efeef226');
INSERT INTO "audit_event" VALUES(2,'2026-06-03 14:01:14.250000','index:photos_added','index','ed.press','communications','{"photos": 1, "files": 1, "event": "3300bd289374491980be39e20653c586"}',0,'49f801d2de5afd207eabb12a1bb750a66fa98346fc4f5f8f5b4ce312efeef226','b8f6839986e79b186802404a0e986948c9b61a5ecdd38b7546ac3750a1b37051');
INSERT INTO "audit_event" VALUES(3,'2026-06-03 14:02:28.250000','index:photos_added','index','ed.press','communications','{"photos": 5, "files": 6, "event": "3300bd289374491980be39e20653c586"}',0,'b8f6839986e79b186802404a0e986948c9b61a5ecdd38b7546ac3750a1b37051','7b6fe9430d9bdcd3757639d64907cf3219f7080f2126224522ffbf6e4250000d');
INSERT INTO "audit_event" VALUES(4,'2026-06-03 14:06:47.250000','event:created','5760ad3b0cb347c58ab364a930118b51','ed.press','communications','{"public_space": true}',1,'7b6fe9430d9bdcd3757639d64907cf3219f7080f2126224522ffbf6e4250000d','6fb7b24ab7d677a5fd486ae449fe87bbb0d403d174980f0c94ca0e68b53b7788');
INSERT INTO "audit_event" VALUES(5,'2026-06-03 14:07:24.250000','index:photos_added','index','ed.press','communications','{"photos": 1, "files": 1, "event": "5760ad3b0cb347c58ab364a930118b51"}',0,'6fb7b24ab7d677a5fd486ae449fe87bbb0d403d174980f0c94ca0e68b53b7788','f04adb8c7adcc49edf172c55bc4d60624b0e24210c5975d7807ea472006deecc');
INSERT INTO "audit_event" VALUES(6,'2026-06-03 14:09:52.250000','publication:recorded','71e557bf61bb40e7866a1e72a4d32be7','ed.press','communications','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "channel": "instagram", "already_out": "yes"}',0,'f04adb8c7adcc49edf172c55bc4d60624b0e24210c5975d7807ea472006deecc','45b16d41a0dee5a3709e1ecec4d80b002dc67a2369049382fa91b4eb13d2a36d');
INSERT INTO "audit_event" VALUES(7,'2026-06-03 14:11:43.250000','publication:recorded','cc3594e7d1634e12b74722ac0ea6526c','ed.press','communications','{"photo": "90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa", "channel": "facebook", "already_out": "yes"}',0,'45b16d41a0dee5a3709e1ecec4d80b002dc67a2369049382fa91b4eb13d2a36d','cd101e7d10025483bb084f43affaddbb89bc92d3dbb582847ea299fde85bb9a1');
INSERT INTO "audit_event" VALUES(8,'2026-06-03 14:13:34.250000','publication:source_checked','cc3594e7d1634e12b74722ac0ea6526c','ed.press','communications','{"there": true}',0,'cd101e7d10025483bb084f43affaddbb89bc92d3dbb582847ea299fde85bb9a1','e486fdd0f785867f54d5cb26dda46118eed7240c28a0b0dadf62b1c06f6f6259');
INSERT INTO "audit_event" VALUES(9,'2026-06-03 14:15:25.250000','post:scheduled','111dd082123a48d6bd05bfa71ecfa907','ed.press','communications','{"photo": "90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa", "channel": "instagram"}',0,'e486fdd0f785867f54d5cb26dda46118eed7240c28a0b0dadf62b1c06f6f6259','e922ca06d45c207b692282ebb09efe79ea72c0d8546a5d9554088c9ccb61e637');
INSERT INTO "audit_event" VALUES(10,'2026-06-03 14:16:39.250000','post:scheduled','a3b44a260e29428db04c17a39de00e85','ed.press','communications','{"photo": "4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3", "channel": "instagram"}',0,'e922ca06d45c207b692282ebb09efe79ea72c0d8546a5d9554088c9ccb61e637','7cf9129a6ddfa62e7de428c2fc218209d3f19ed368855f00f4b4b4d2fd5d876e');
INSERT INTO "audit_event" VALUES(11,'2026-06-03 14:17:53.250000','post:scheduled','e07a140fec7542e691c8754965c56965','ed.press','communications','{"photo": "fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86", "channel": "instagram"}',0,'7cf9129a6ddfa62e7de428c2fc218209d3f19ed368855f00f4b4b4d2fd5d876e','92e8ae666febc522c495595fe0e3e1471e2ecbec4b744ed94a868757abe1720e');
INSERT INTO "audit_event" VALUES(12,'2026-06-03 14:18:30.250000','print_piece:opened','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001"}',0,'92e8ae666febc522c495595fe0e3e1471e2ecbec4b744ed94a868757abe1720e','79bb1e21fa613f35e211d11fe3ca74f93c72294e647254e46641b3c00d51e16d');
INSERT INTO "audit_event" VALUES(13,'2026-06-03 14:19:07.250000','print_piece:placed','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001", "photos": 3, "replaces": false}',0,'79bb1e21fa613f35e211d11fe3ca74f93c72294e647254e46641b3c00d51e16d','d210e735303bb94ff40edfbdeb6513472f64c7265f5d6ae9fcf7458eaeb43f91');
INSERT INTO "audit_event" VALUES(14,'2026-06-03 14:19:44.250000','print_piece:placed','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001", "taken_out": "da95f205a4a842bd951cd4a31c03a330"}',0,'d210e735303bb94ff40edfbdeb6513472f64c7265f5d6ae9fcf7458eaeb43f91','96155d1e537e0c3bc20f6639185a91a0b56aca2d5219ba293c55a9f4f420d9d2');
INSERT INTO "audit_event" VALUES(15,'2026-06-03 14:22:49.250000','verbal_consent:recorded','908c61a43fcb48fe8e4354f25abf7d25','ed.press','communications','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "event": null, "given": true, "kinds": ["print"], "channels": []}',1,'96155d1e537e0c3bc20f6639185a91a0b56aca2d5219ba293c55a9f4f420d9d2','29832ee24afe45a417952d8b02e62bd6eeead4929dc9bf55a38a75317e1c9e52');
INSERT INTO "audit_event" VALUES(16,'2026-06-03 14:24:03.250000','verbal_consent:recorded','1c8be98a23554340b980aa44c5a510a1','ed.press','communications','{"photo": null, "event": "3300bd289374491980be39e20653c586", "given": false, "kinds": [], "channels": ["instagram"]}',1,'29832ee24afe45a417952d8b02e62bd6eeead4929dc9bf55a38a75317e1c9e52','30d9443cfe92c76647f0aceccc4736a0696dc47c2dc13ac70b69d5b1d597b2e7');
INSERT INTO "audit_event" VALUES(17,'2026-06-03 14:25:17.250000','verbal_consent:recorded','437c937172c846ae945e06bd9da5de88','ed.press','communications','{"photo": "4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3", "event": null, "given": true, "kinds": ["print"], "channels": []}',1,'30d9443cfe92c76647f0aceccc4736a0696dc47c2dc13ac70b69d5b1d597b2e7','3277d18a39328ab90bef1955d56574183651b0e5f9602835f023b85e2b173ed1');
INSERT INTO "audit_event" VALUES(18,'2026-06-03 14:32:04.250000','print_piece:audited','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001", "audit": "a6f6fe3db66843a186b351778319dea0", "register_version": 17}',0,'3277d18a39328ab90bef1955d56574183651b0e5f9602835f023b85e2b173ed1','2263f8742e09c088b83b6f995270973d72778226d9d1feb38916b992b100af70');
INSERT INTO "audit_event" VALUES(19,'2026-06-03 14:33:55.250000','print_piece:moved','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001", "state": "approved", "signed_over": 0}',0,'2263f8742e09c088b83b6f995270973d72778226d9d1feb38916b992b100af70','13ea32dc014282d46f68abd854f6f156f874c6b24925507e3c9e4f6188e8c838');
INSERT INTO "audit_event" VALUES(20,'2026-06-03 14:35:46.250000','print_piece:moved','bdeda054c45f468c928f5e4de1211650','ed.press','communications','{"piece": "P-0001", "state": "at_printer"}',0,'13ea32dc014282d46f68abd854f6f156f874c6b24925507e3c9e4f6188e8c838','7cc81b1ade4207b55bb447badc1096cb26f342c5f5f5bdc2ef514ed4b8ab53b7');
INSERT INTO "audit_event" VALUES(21,'2026-06-03 14:37:00.250000','revocation:recorded','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"number": 1, "method": "letter", "evidence": 1}',1,'7cc81b1ade4207b55bb447badc1096cb26f342c5f5f5bdc2ef514ed4b8ab53b7','762ca30112b373a62b92e2096c4906e9c75525a89ee82156ead93a57c35f5e02');
INSERT INTO "audit_event" VALUES(22,'2026-06-03 14:40:05.250000','template:added','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"template": "4a971c12af5b4c228d115535e71b2b8d"}',1,'762ca30112b373a62b92e2096c4906e9c75525a89ee82156ead93a57c35f5e02','1d73004df7e9eaffda0fff881f027214280f688d3f70b1aaab9ebf1a1808a1b3');
INSERT INTO "audit_event" VALUES(23,'2026-06-03 14:40:42.250000','sighting:decided','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"photo": "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6", "state": "confirmed"}',1,'1d73004df7e9eaffda0fff881f027214280f688d3f70b1aaab9ebf1a1808a1b3','1a98731b427272c45cf7ed0aaf000f9f433e8c22f06c50601951f48937df58c2');
INSERT INTO "audit_event" VALUES(24,'2026-06-03 14:48:06.250000','takedown:opened','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"takedown": "T-0001", "publication": "71e557bf61bb40e7866a1e72a4d32be7"}',0,'1a98731b427272c45cf7ed0aaf000f9f433e8c22f06c50601951f48937df58c2','cf0ea75afcf1757ad17ee09e2cc9976385899b330682dc6496e71c0d294ce96e');
INSERT INTO "audit_event" VALUES(25,'2026-06-03 14:49:20.250000','takedown:opened','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"takedown": "T-0002", "publication": "ea31593f642f4ea4bb5c20d790979223"}',0,'cf0ea75afcf1757ad17ee09e2cc9976385899b330682dc6496e71c0d294ce96e','101f4e2a4bcd04b3c271b35f7dc2a11998014c33e448cf14871d1994bf83a6ab');
INSERT INTO "audit_event" VALUES(26,'2026-06-03 14:53:02.250000','revocation:amended','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"effective_on": "2026-06-03"}',1,'101f4e2a4bcd04b3c271b35f7dc2a11998014c33e448cf14871d1994bf83a6ab','f95d52acd030ebf8807b90beb9d9ba2884182e00ba2c2d3f12cb147624917374');
INSERT INTO "audit_event" VALUES(27,'2026-06-03 14:59:49.250000','revocation:recorded','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"number": 2, "method": "form", "evidence": 1}',1,'f95d52acd030ebf8807b90beb9d9ba2884182e00ba2c2d3f12cb147624917374','d1821b3e0d1edaa5f1dbfcd3e86125e122bda9bbe4bb8c2d40a01379768565f3');
INSERT INTO "audit_event" VALUES(28,'2026-06-03 15:02:54.250000','template:added','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"template": "a4a58675a624457fb3d99accb4078621"}',1,'d1821b3e0d1edaa5f1dbfcd3e86125e122bda9bbe4bb8c2d40a01379768565f3','26e8a55923ae2b6b263ce010937eaa508b929a90cfa2544e089c77e4b7752531');
INSERT INTO "audit_event" VALUES(29,'2026-06-03 15:03:31.250000','sighting:decided','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"photo": "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c", "state": "confirmed"}',1,'26e8a55923ae2b6b263ce010937eaa508b929a90cfa2544e089c77e4b7752531','75f77f628b65f7c867f0165ca6caf290f8fa0006e668c96e7d66707e8b55b13a');
INSERT INTO "audit_event" VALUES(30,'2026-06-03 15:10:18.250000','takedown:opened','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"takedown": "T-0003", "publication": "ea31593f642f4ea4bb5c20d790979223"}',0,'75f77f628b65f7c867f0165ca6caf290f8fa0006e668c96e7d66707e8b55b13a','29bb2d7e0447444ecac1eddc3b85adb5a3ae2c8683c69a209e34ac99f8c9c341');
INSERT INTO "audit_event" VALUES(31,'2026-06-03 15:11:32.250000','takedown:opened','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"takedown": "T-0004", "publication": "71e557bf61bb40e7866a1e72a4d32be7"}',0,'29bb2d7e0447444ecac1eddc3b85adb5a3ae2c8683c69a209e34ac99f8c9c341','dd51b026c283ea49f72cf4f04887dcbc564c02d448fd3e0901cac97427ceeece');
INSERT INTO "audit_event" VALUES(32,'2026-06-03 15:13:23.250000','hold:placed','2edb1063f038467f8bd138a16db3a27e','ann.desk','desk','{"number": 3, "method": "oral", "evidence": 0}',1,'dd51b026c283ea49f72cf4f04887dcbc564c02d448fd3e0901cac97427ceeece','abfe21a6dcd28500934649407680b66c6e7623a3693c0d134763dcecd30ee88e');
INSERT INTO "audit_event" VALUES(33,'2026-06-03 15:14:37.250000','hold:placed','ffd13733cda745518c635dd8c3329658','ann.desk','desk','{"number": 4, "method": "oral", "evidence": 0}',1,'abfe21a6dcd28500934649407680b66c6e7623a3693c0d134763dcecd30ee88e','2a0bab658a24afefe2d6b59b671bc0e77399993afdd14e003922d2f5440f9df6');
INSERT INTO "audit_event" VALUES(34,'2026-06-03 15:17:05.250000','revocation:recorded','ffd13733cda745518c635dd8c3329658','ann.desk','desk','{"effective_on": "2026-06-03"}',1,'2a0bab658a24afefe2d6b59b671bc0e77399993afdd14e003922d2f5440f9df6','9811138d38cf77094e3ebc5b103ebd82ac94dea21511b3c64515e23575c9eded');
INSERT INTO "audit_event" VALUES(35,'2026-06-03 15:24:29.250000','person:merged','c2b447756a774942ac82d0793a599962','rex.records','records','{"into": "7d07e598bfb141318fd709e5f0113cd6", "reason": "The same man."}',0,'9811138d38cf77094e3ebc5b103ebd82ac94dea21511b3c64515e23575c9eded','9fbaea9cdc75b87377fc28e9738739029d380276679fd51742683513486667a1');
INSERT INTO "audit_event" VALUES(36,'2026-06-03 15:25:43.250000','person:unmerged','c2b447756a774942ac82d0793a599962','rex.records','records','{"reason": "His brother."}',0,'9fbaea9cdc75b87377fc28e9738739029d380276679fd51742683513486667a1','65a8deceafd90c54bf9c4a38563650c29fc4494ef796590c08eec302ef0acad6');
INSERT INTO "audit_event" VALUES(37,'2026-06-03 15:26:57.250000','person:merged','ca7365f2ca6d4420aa32a220716bd83b','rex.records','records','{"into": "7d07e598bfb141318fd709e5f0113cd6", "reason": "The same man after all."}',0,'65a8deceafd90c54bf9c4a38563650c29fc4494ef796590c08eec302ef0acad6','92078bf06d90f0528fff4c95799d7c69aeb444ef9017a55bbc4663b27cc9b591');
INSERT INTO "audit_event" VALUES(38,'2026-06-03 15:30:02.250000','revocation:rescinded','ffd13733cda745518c635dd8c3329658','ann.desk','desk','{"effective_on": "2026-06-03"}',1,'92078bf06d90f0528fff4c95799d7c69aeb444ef9017a55bbc4663b27cc9b591','ccf2c5f9cfeb9074b0b814b75648aba960336a9ce511d11d80aeb6a33a48eecf');
INSERT INTO "audit_event" VALUES(39,'2026-06-03 15:30:39.250000','sighting:decided','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "state": "confirmed"}',1,'ccf2c5f9cfeb9074b0b814b75648aba960336a9ce511d11d80aeb6a33a48eecf','ab7dd89fc8269b546d9ca48e4229c6e775d37b0554b94115340a36287df6a008');
INSERT INTO "audit_event" VALUES(40,'2026-06-03 15:31:16.250000','sighting:decided','21b31454b9a044afbc6df8000c7f4905','ann.desk','desk','{"photo": "4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3", "state": "rejected"}',1,'ab7dd89fc8269b546d9ca48e4229c6e775d37b0554b94115340a36287df6a008','0cc89c5434ec61c810a163bec929ea4fb68cb5c3cd09bff36792f1f8fb2ce81e');
INSERT INTO "audit_event" VALUES(41,'2026-06-03 15:31:53.250000','sighting:decided','769a647abe684197a8e42e46a10edb14','ann.desk','desk','{"photo": "1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3", "state": "confirmed"}',1,'0cc89c5434ec61c810a163bec929ea4fb68cb5c3cd09bff36792f1f8fb2ce81e','5156cb070bbcaf04dee87191e6c91d28f835fb83b0657496976e702226f83601');
INSERT INTO "audit_event" VALUES(42,'2026-06-03 15:36:12.250000','face:looked_at','76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64','ed.press','communications','{"faces": 2, "taken_back": false}',1,'5156cb070bbcaf04dee87191e6c91d28f835fb83b0657496976e702226f83601','25b09812e07341fb1f4a6ac7faf839b74713261172cc74fb2fe0a2ccc71f4362');
INSERT INTO "audit_event" VALUES(43,'2026-06-03 15:36:49.250000','face:looked_at','76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64','ed.press','communications','{"faces": 1, "taken_back": true}',1,'25b09812e07341fb1f4a6ac7faf839b74713261172cc74fb2fe0a2ccc71f4362','d13924d2e3a1ef5127034fa2dc626608f23f2311c4fe4ec8074e851c9d02503d');
INSERT INTO "audit_event" VALUES(44,'2026-06-03 15:41:45.250000','override:proposed','1cda434019274bf9a8259079d23356f1','eve.director','director','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "channel": "instagram", "lifts": ["exact R-0001", "face R-0001", "face R-0002", "near_duplicate R-0002", "no_public_space Author talk"], "expires_on": "2026-06-20"}',0,'d13924d2e3a1ef5127034fa2dc626608f23f2311c4fe4ec8074e851c9d02503d','9b23f5a80ae5704685d5b7c1343a4023a5ba3281df6fe47ace591a1cd10d1a36');
INSERT INTO "audit_event" VALUES(45,'2026-06-03 15:42:22.250000','override:withdrawn','1cda434019274bf9a8259079d23356f1','eve.director','director','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b"}',1,'9b23f5a80ae5704685d5b7c1343a4023a5ba3281df6fe47ace591a1cd10d1a36','f0b7dc0d26400088c9a2c92b949adc670a451a98771b2280817c903435f9d8fb');
INSERT INTO "audit_event" VALUES(46,'2026-06-03 15:47:18.250000','override:proposed','0d507e4c8e124876a2da131a27d8b85f','eve.director','director','{"photo": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "channel": "instagram", "lifts": ["exact R-0001", "face R-0001", "face R-0002", "near_duplicate R-0002", "no_public_space Author talk"], "expires_on": "2026-06-20"}',0,'f0b7dc0d26400088c9a2c92b949adc670a451a98771b2280817c903435f9d8fb','a652a25e3e9b4a4caf1dd17888744d204d9b99d7d20c5e38154821e2fe1ffd89');
INSERT INTO "audit_event" VALUES(47,'2026-06-03 15:52:14.250000','override:proposed','976048fcec024c728bfa29f72c098987','eve.director','director','{"photo": "fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86", "channel": "newsletter", "lifts": ["face R-0002", "near_duplicate in review R-0001", "no_public_space Author talk", "verbal_consent_missing 1190,362,1405,649", "verbal_consent_missing 365,339,515,526"], "expires_on": "2026-06-09"}',0,'a652a25e3e9b4a4caf1dd17888744d204d9b99d7d20c5e38154821e2fe1ffd89','417f30327b1bdea482903c03f3152455e1d08973fa5187cf0f440dd00dc334bb');
INSERT INTO "audit_event" VALUES(48,'2026-06-03 15:52:51.250000','override:granted','976048fcec024c728bfa29f72c098987','dee.director','director','{"photo": "fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86"}',1,'417f30327b1bdea482903c03f3152455e1d08973fa5187cf0f440dd00dc334bb','467a45c4a001de192892aa5e0c113469f938126e1d9630bbd49a773713c86852');
INSERT INTO "audit_event" VALUES(49,'2026-06-03 16:00:15.250000','takedown:assigned','769a647abe684197a8e42e46a10edb14','ed.press','communications','{"takedown": "T-0001"}',0,'467a45c4a001de192892aa5e0c113469f938126e1d9630bbd49a773713c86852','72e56225afcf3e9f42e8cf24f25848e3b49202d3790bba2647ce36c46d530022');
INSERT INTO "audit_event" VALUES(50,'2026-06-03 16:02:06.250000','takedown:moved','769a647abe684197a8e42e46a10edb14','ed.press','communications','{"takedown": "T-0001", "state": "requested"}',0,'72e56225afcf3e9f42e8cf24f25848e3b49202d3790bba2647ce36c46d530022','1fb9b62ad6915e3b6cc0cb3288e6229de4526d9c9ff3c28f6839281af4d51edf');
INSERT INTO "audit_event" VALUES(51,'2026-06-03 16:03:57.250000','takedown:moved','769a647abe684197a8e42e46a10edb14','ed.press','communications','{"takedown": "T-0001", "state": "hidden"}',0,'1fb9b62ad6915e3b6cc0cb3288e6229de4526d9c9ff3c28f6839281af4d51edf','60c0db216c27df3e9e0f0bcd8602ae0e255d7a4238877e23234bb22e0c8f9ae8');
INSERT INTO "audit_event" VALUES(52,'2026-06-03 16:05:48.250000','takedown:moved','769a647abe684197a8e42e46a10edb14','ed.press','communications','{"takedown": "T-0001", "state": "retained"}',0,'60c0db216c27df3e9e0f0bcd8602ae0e255d7a4238877e23234bb22e0c8f9ae8','278c729c2f125ac894b6ececb261b04fa4fe456851ff0ab4e9ec2b355cde3726');
INSERT INTO "audit_event" VALUES(53,'2026-06-03 16:07:39.250000','appeal:received','8a96deb1fc784750bd862b1bf19d6172','rex.records','records','{"due_on": "2026-07-17"}',0,'278c729c2f125ac894b6ececb261b04fa4fe456851ff0ab4e9ec2b355cde3726','41e973213492e181967823577c7753e950603193b56deca42660938aa98ed02b');
INSERT INTO "audit_event" VALUES(54,'2026-06-03 16:09:30.250000','appeal:received','dde193893652425fa6c23c7f9d09fd66','rex.records','records','{"due_on": "2026-07-17"}',0,'41e973213492e181967823577c7753e950603193b56deca42660938aa98ed02b','642e3e1b479aae29b08308928713b5d1bbf7cfa1ddcd1da313979af8dbaa5189');
INSERT INTO "audit_event" VALUES(55,'2026-06-03 16:11:21.250000','appeal:decided','8a96deb1fc784750bd862b1bf19d6172','eve.director','director','{"decision": "partly"}',0,'642e3e1b479aae29b08308928713b5d1bbf7cfa1ddcd1da313979af8dbaa5189','5739c86c95d8a0cf08c32de779eb2921fd329c5dac1f74cce4811da2b10fc66b');
INSERT INTO "audit_event" VALUES(56,'2026-06-03 16:13:12.250000','appeal:to_board','8a96deb1fc784750bd862b1bf19d6172','rex.records','records','{}',0,'5739c86c95d8a0cf08c32de779eb2921fd329c5dac1f74cce4811da2b10fc66b','f3d0f46c1cc7198fcff3cf9f02083e94b62148ed7b363b5195d74fb0350e03b0');
INSERT INTO "audit_event" VALUES(57,'2026-06-03 16:15:40.250000','index:photos_added','index','ed.press','communications','{"photos": 0, "files": 3, "event": null}',0,'f3d0f46c1cc7198fcff3cf9f02083e94b62148ed7b363b5195d74fb0350e03b0','eca86a9da85e426c4646d802ce236a8c7eb5a2a8da4dc3f359fbd5213f86f6df');
INSERT INTO "audit_event" VALUES(58,'2026-06-03 16:23:04.250000','clearance:given','instagram','ed.press','communications','{"register_version": 48, "verdicts": {"BLOCKED": 2, "NOT_CHECKED": 0, "REVIEW": 0, "CONSENT_MISSING": 0, "CLEAR": 1}}',0,'eca86a9da85e426c4646d802ce236a8c7eb5a2a8da4dc3f359fbd5213f86f6df','d7c79a0548fa58ebba76ff8e357a71eab59d097b34dc2edc92df1ad23622bd2b');
INSERT INTO "audit_event" VALUES(59,'2026-06-03 16:26:09.250000','publication:recorded','76e11fd426c84984b72afd172066d0de','ed.press','communications','{"photo": "90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa", "channel": "instagram"}',0,'d7c79a0548fa58ebba76ff8e357a71eab59d097b34dc2edc92df1ad23622bd2b','10fb24d6ed7bd47bc756b7be341cc91918acdc6c4c55af289df568ed2cb34204');
INSERT INTO "audit_event" VALUES(60,'2026-06-03 16:28:00.250000','post:cancelled','a3b44a260e29428db04c17a39de00e85','ed.press','communications','{}',0,'10fb24d6ed7bd47bc756b7be341cc91918acdc6c4c55af289df568ed2cb34204','991df9aa955893383c1a415badebdc71add3732df080fefd0c09f5f4c87b6bd9');
INSERT INTO "audit_event" VALUES(61,'2026-06-03 16:29:14.250000','event:joined','3300bd289374491980be39e20653c586','ed.press','communications','{"photos": 0, "files": 1, "event": "3300bd289374491980be39e20653c586"}',1,'991df9aa955893383c1a415badebdc71add3732df080fefd0c09f5f4c87b6bd9','1e0162aa9b3e5d189e4e6c330130cd7e33769c6504a0706dfc1dfe5543dae681');
INSERT INTO "audit_event" VALUES(62,'2026-06-03 16:30:28.250000','calibration:changed','calibration','eve.director','director','{"before": "fused-2026-11-25", "after": "fused-2026-11-25", "reason": "tried"}',1,'1e0162aa9b3e5d189e4e6c330130cd7e33769c6504a0706dfc1dfe5543dae681','06b78191bd30fa427943d029662df208a673650bf920aec52a101feebb098246');
INSERT INTO "audit_event" VALUES(63,'2026-06-03 16:31:05.250000','calibration:changed','calibration','eve.director','director','{"before": "fused-2026-11-25", "after": "fused-2026-11-25", "reason": "no better"}',1,'06b78191bd30fa427943d029662df208a673650bf920aec52a101feebb098246','1f6f95ff0666fca24d5f8be9596e18d149312971f7a090383c9b6856080351e9');
CREATE TABLE calibration_change (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	reason VARCHAR NOT NULL, 
	document JSON, 
	PRIMARY KEY (id)
);
INSERT INTO "calibration_change" VALUES(1,'2026-06-03 16:30:28.250000','eve.director','director','tried','{"id": "fused-2026-11-25", "provenance": "Half of Labeled Faces in the Wild, deep-funneled: 6,274 photos of 2,848 people, 19,637,383 pairs of strangers, 41,018 pairs of the same person. Counted down to 10 per million, extrapolated below. 2026-11-25.", "models": {"dlib-resnet-v1": {"mean": -0.82115, "deviation": 0.08964, "weight": 1.0}, "sface-2021dec-mirrored": {"mean": 0.09724, "deviation": 0.08791, "weight": 2.0}}, "agreement": [0.2151, 0.0889], "quality": {"per_unit": 0.1, "usual": 12.5, "least": 9.0, "most": 15.0, "least_prominence": 0.5}, "curve": [[0.4155, 300000.0], [0.5959, 230300.0], [0.758, 176800.0], [0.9062, 135700.0], [1.0438, 104200.0], [1.1727, 80010.0], [1.2947, 61420.0], [1.4105, 47160.0], [1.5212, 36200.0], [1.627, 27790.0], [1.729, 21340.0], [1.8271, 16380.0], [1.9225, 12580.0], [2.0145, 9655.0], [2.1042, 7412.0], [2.1914, 5691.0], [2.2771, 4369.0], [2.3606, 3354.0], [2.4408, 2575.0], [2.52, 1977.0], [2.5973, 1518.0], [2.6732, 1165.0], [2.7468, 894.5], [2.8187, 686.7], [2.8886, 527.2], [2.9595, 404.7], [3.0267, 310.7], [3.0943, 238.5], [3.1617, 183.1], [3.226, 140.6], [3.2941, 107.9], [3.3633, 82.87], [3.4255, 63.62], [3.4875, 48.84], [3.5475, 37.5], [3.6116, 28.79], [3.6763, 22.1], [3.7362, 16.97], [3.8029, 13.03], [3.8604, 10.0], [3.9604, 6.222], [4.0604, 3.923], [4.1604, 2.454], [4.2604, 1.523], [4.3604, 0.9371], [4.4604, 0.5722], [4.5604, 0.3465], [4.6604, 0.2082], [4.7604, 0.1241], [4.8604, 0.07333], [4.9604, 0.043], [5.0604, 0.02501], [5.1604, 0.01443], [5.2604, 0.008261], [5.3604, 0.00469], [5.4604, 0.002642], [5.5604, 0.001476], [5.6604, 0.0008179], [5.7604, 0.0004496], [5.8604, 0.0002452], [5.9604, 0.0001326]], "missed": {"1": [[-1.11, 0.0], [-0.11, 0.00019], [0.248, 0.00042], [0.978, 0.00051], [1.381, 0.00063], [1.509, 0.00077], [1.905, 0.00094], [2.02, 0.00115], [2.214, 0.00173], [2.245, 0.00212], [2.305, 0.00259], [2.359, 0.00317], [2.543, 0.00388], [2.655, 0.00475], [2.954, 0.00582], [3.08, 0.00713], [3.323, 0.00873], [3.478, 0.01068], [3.612, 0.01308], [3.721, 0.01601], [3.772, 0.01961], [3.867, 0.02401], [3.993, 0.02939], [4.122, 0.03599], [4.206, 0.04406], [4.298, 0.05395], [4.4, 0.06605], [4.516, 0.08087], [4.635, 0.09901], [4.774, 0.12123], [4.87, 0.14843], [5.029, 0.18173], [5.166, 0.2225], [5.331, 0.27242], [5.499, 0.33354], [5.711, 0.40838], [5.927, 0.5]], "2": [[1.418, 0.0], [2.418, 0.00029], [2.467, 0.00036], [2.527, 0.00043], [2.599, 0.00052], [2.699, 0.00063], [2.846, 0.00076], [2.987, 0.00093], [3.027, 0.00112], [3.138, 0.00135], [3.23, 0.00164], [3.259, 0.00198], [3.28, 0.0024], [3.316, 0.0029], [3.458, 0.00352], [3.628, 0.00425], [3.714, 0.00515], [3.887, 0.00623], [3.95, 0.00754], [4.068, 0.00912], [4.189, 0.01104], [4.309, 0.01335], [4.408, 0.01616], [4.459, 0.01955], [4.511, 0.02366], [4.561, 0.02863], [4.68, 0.03465], [4.782, 0.04192], [4.88, 0.05073], [5.019, 0.06139], [5.135, 0.07428], [5.226, 0.08989], [5.328, 0.10877], [5.427, 0.13162], [5.531, 0.15926], [5.662, 0.19272], [5.768, 0.2332], [5.87, 0.28219], [6.002, 0.34147], [6.148, 0.4132], [6.307, 0.5]], "3": [[1.261, 0.0], [2.261, 0.00041], [2.47, 0.00049], [2.721, 0.00058], [3.023, 0.0007], [3.323, 0.00084], [3.411, 0.00101], [3.516, 0.00121], [3.576, 0.00146], [3.668, 0.00175], [3.79, 0.0021], [3.815, 0.00252], [3.907, 0.00302], [3.945, 0.00363], [4.043, 0.00435], [4.064, 0.00522], [4.139, 0.00627], [4.254, 0.00752], [4.328, 0.00903], [4.39, 0.01084], [4.525, 0.01301], [4.593, 0.01561], [4.639, 0.01873], [4.707, 0.02248], [4.769, 0.02698], [4.849, 0.03238], [4.951, 0.03887], [5.066, 0.04665], [5.163, 0.05598], [5.241, 0.06719], [5.307, 0.08064], [5.44, 0.09678], [5.558, 0.11615], [5.664, 0.1394], [5.782, 0.16731], [5.903, 0.2008], [6.011, 0.24099], [6.109, 0.28923], [6.209, 0.34713], [6.313, 0.41661], [6.435, 0.5]]}}');
INSERT INTO "calibration_change" VALUES(2,'2026-06-03 16:31:05.250000','eve.director','director','no better','null');
CREATE TABLE clearance (
	id INTEGER NOT NULL, 
	photo_sha256 VARCHAR(64), 
	path VARCHAR NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	publication VARCHAR, 
	verdict VARCHAR(16) NOT NULL, 
	reasons JSON NOT NULL, 
	register_version INTEGER NOT NULL, 
	policy_version VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "clearance" VALUES(1,'b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','stage-obama-biden.jpg','newsletter','Newsletter, Spring 2026','CLEAR','[]',17,'2025-04-03','2026-06-03 14:28:59.250000','ed.press','communications');
INSERT INTO "clearance" VALUES(2,'90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','refreshments-no-face.jpg','newsletter','Newsletter, Spring 2026','CLEAR','[]',17,'2025-04-03','2026-06-03 14:31:27.250000','ed.press','communications');
INSERT INTO "clearance" VALUES(3,'90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','/srv/photos/events/2026-05-14 Author talk/refreshments-no-face.jpg','instagram',NULL,'CLEAR','[]',48,'2025-04-03','2026-06-03 16:19:22.250000','ed.press','communications');
INSERT INTO "clearance" VALUES(4,'b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','/srv/photos/events/2026-05-14 Author talk/stage-obama-biden.jpg','instagram',NULL,'BLOCKED','[{"code": "exact", "verdict": "BLOCKED", "revocation": "R-0001", "face": null, "box": null, "score": 1.0, "threshold": 1.0, "unit": "same bytes", "model": "sha256", "false_matches_per_million": null, "sentence": "R-0001 was confirmed in this photo."}, {"code": "face", "verdict": "BLOCKED", "revocation": "R-0001", "face": 0, "box": [183, 251, 431, 607], "score": 6.523, "threshold": 5.226, "unit": "fused z-score", "model": "fused-2026-11-25", "false_matches_per_million": 1e-06, "sentence": "Possible match with R-0001, face 1: fewer than 1 in 1,000,000 strangers look this alike."}, {"code": "face", "verdict": "BLOCKED", "revocation": "R-0002", "face": 1, "box": [854, 135, 1114, 497], "score": 9.389, "threshold": 5.226, "unit": "fused z-score", "model": "fused-2026-11-25", "false_matches_per_million": 1e-06, "sentence": "Possible match with R-0002, face 2: fewer than 1 in 1,000,000 strangers look this alike."}, {"code": "near_duplicate", "verdict": "BLOCKED", "revocation": "R-0002", "face": 1, "box": [854, 135, 1114, 497], "score": 46, "threshold": 20, "unit": "spots that agree", "model": "rootsift-256-v1", "false_matches_per_million": null, "sentence": "Perhaps a part of a photo in which R-0002 was confirmed, face 2."}, {"code": "no_public_space", "verdict": "REVIEW", "revocation": null, "face": null, "box": null, "score": null, "threshold": null, "unit": null, "model": null, "false_matches_per_million": null, "sentence": "The event \"Author talk\" was not in a public space, and not everybody in the photo has consent on file: ask them."}]',48,'2025-04-03','2026-06-03 16:20:36.250000','ed.press','communications');
INSERT INTO "clearance" VALUES(5,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64','/srv/photos/events/2026-05-14 Author talk/back-row-small-faces.jpg','instagram',NULL,'BLOCKED','[{"code": "face", "verdict": "BLOCKED", "revocation": "R-0001", "face": 0, "box": [607, 510, 641, 557], "score": 6.289, "threshold": 5.226, "unit": "fused z-score", "model": "fused-2026-11-25", "false_matches_per_million": 1e-06, "sentence": "Possible match with R-0001, face 1: fewer than 1 in 1,000,000 strangers look this alike."}, {"code": "face", "verdict": "BLOCKED", "revocation": "R-0002", "face": 2, "box": [891, 538, 921, 578], "score": 7.691, "threshold": 5.226, "unit": "fused z-score", "model": "fused-2026-11-25", "false_matches_per_million": 1e-06, "sentence": "Possible match with R-0002, face 3: fewer than 1 in 1,000,000 strangers look this alike."}, {"code": "no_public_space", "verdict": "REVIEW", "revocation": null, "face": null, "box": null, "score": null, "threshold": null, "unit": null, "model": null, "false_matches_per_million": null, "sentence": "The event \"Author talk\" was not in a public space, and not everybody in the photo has consent on file: ask them."}]',48,'2025-04-03','2026-06-03 16:21:50.250000','ed.press','communications');
CREATE TABLE event (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	held_on DATE, 
	place VARCHAR, 
	public_space BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "event" VALUES('3300bd289374491980be39e20653c586','Author talk','2026-05-14','Main library',0,'2026-06-03 14:00:00.250000');
INSERT INTO "event" VALUES('5760ad3b0cb347c58ab364a930118b51','Summer reading','2026-06-02',NULL,1,'2026-06-03 14:06:10.250000');
CREATE TABLE evidence (
	id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	revocation_id VARCHAR(32) NOT NULL, 
	file_name VARCHAR NOT NULL, 
	byte_size INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(revocation_id) REFERENCES revocation (id), 
	UNIQUE (sha256, revocation_id)
);
INSERT INTO "evidence" VALUES(1,'351dbfb724e04e39854b04d4d218ad3e2258cf345fecb6e78ec70598eede5ba4','769a647abe684197a8e42e46a10edb14','letter.txt',22,'2026-06-03 14:38:14.250000');
INSERT INTO "evidence" VALUES(2,'db0e5bb0ea036ba9a6bbd3471247f1ae8c454555e79461b8ca9ba10ba2a86730','21b31454b9a044afbc6df8000c7f4905','form.txt',24,'2026-06-03 15:01:03.250000');
CREATE TABLE face (
	id INTEGER NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	place_in_photo INTEGER NOT NULL, 
	x1 INTEGER NOT NULL, 
	y1 INTEGER NOT NULL, 
	x2 INTEGER NOT NULL, 
	y2 INTEGER NOT NULL, 
	landmarks JSON NOT NULL, 
	detector_score FLOAT NOT NULL, 
	size_px FLOAT NOT NULL, 
	sharpness FLOAT NOT NULL, 
	yaw FLOAT NOT NULL, contrast FLOAT, burnt_out FLOAT, bare FLOAT, norm FLOAT, prominence FLOAT DEFAULT '1.0' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "face" VALUES(1,'b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b',0,183,251,431,607,'[[219.19943237304688, 377.8603515625], [329.6477355957031, 387.49102783203125], [244.05889892578125, 450.9236755371094], [219.2384796142578, 512.1238403320312], [308.5902099609375, 519.70068359375]]',9.49098944664001464843e-01,248.0,1.11172172792967739946e+03,-2.36893765383424437231e+01,152.0,0.0,2.9127835644093452716e-01,1.36639289855957031245e+01,9.57260847091674804687e-01);
INSERT INTO "face" VALUES(2,'b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b',1,854,135,1114,497,'[[946.66943359375, 271.4031982421875], [1061.45556640625, 284.305419921875], [1007.510986328125, 351.9841613769531], [935.4827270507812, 391.1280822753906], [1038.62353515625, 404.2640075683594]]',9.39002156257629394531e-01,260.0,7.46355209661989761095e+02,1.14588816088398921517e+01,1.19050000000000011368e+02,0.0,1.83162633469319380274e-01,1.24956855773925781252e+01,1.0);
INSERT INTO "face" VALUES(3,'4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3',0,249,419,381,587,'[[286.2671813964844, 478.120849609375], [347.34716796875, 487.7736511230469], [311.0868835449219, 518.939697265625], [278.44732666015625, 534.319580078125], [335.8951110839844, 542.811767578125]]',9.49737071990966796875e-01,132.0,6.61073994837915392954e+02,-5.8955602749839942922e-02,147.0,1.73611111111111117736e-04,2.31646211535914886558e-01,1.20443458557128906254e+01,7.33090698719024658203e-01);
INSERT INTO "face" VALUES(4,'4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3',1,790,367,970,615,'[[855.7122192382812, 459.1435241699219], [937.4203491210938, 459.35748291015625], [905.5751953125, 510.2310485839844], [857.5143432617188, 545.3330078125], [932.6334838867188, 545.95361328125]]',9.51494991779327392578e-01,180.0,3.86370135490420693706e+02,1.26138630057274792051e+01,93.0,0.0,2.68543583379018957479e-01,12.768798828125,9.98944699764251708984e-01);
INSERT INTO "face" VALUES(5,'4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3',2,1257,464,1438,719,'[[1314.5538330078125, 566.442626953125], [1403.136962890625, 566.1446533203125], [1360.0843505859375, 618.3175048828125], [1315.3885498046875, 656.22119140625], [1394.2911376953125, 656.5048217773438]]',9.42666590213775634765e-01,181.0,6.64333979081134430068e+02,1.37605848991709822648e+00,120.0,0.0,2.83801253941903197652e-01,1.18138580322265624995e+01,1.0);
INSERT INTO "face" VALUES(6,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',0,607,510,641,557,'[[618.0790405273438, 526.6909790039062], [634.4767456054688, 526.5106201171875], [627.1678466796875, 535.8723754882812], [618.2772216796875, 544.0957641601562], [631.5902099609375, 543.4676513671875]]',9.14687573909759521484e-01,34.0,3.15348899869906880151e+01,5.48906133721814448733e+00,81.0,0.0,2.64646600069445181446e-01,1.22425909042358398441e+01,1.0);
INSERT INTO "face" VALUES(7,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',1,752,477,783,516,'[[759.348388671875, 489.70703125], [773.4471435546875, 489.33917236328125], [766.01123046875, 497.6315612792969], [760.92333984375, 502.7114562988281], [773.2437133789062, 504.3440246582031]]',9.31225180625915527343e-01,31.0,54.925990201989,-4.84631204731694165133e+00,117.0,0.0,2.63539509608732458456e-01,1.0777683258056640625e+01,9.32324945926666259765e-01);
INSERT INTO "face" VALUES(8,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',2,891,538,921,578,'[[900.7367553710938, 553.0698852539062], [914.1612548828125, 553.3638305664062], [908.0206298828125, 560.8104248046875], [900.892578125, 567.005859375], [911.9191284179688, 567.98486328125]]',9.10197794437408447265e-01,30.0,2.51263231931255042188e+01,6.27049905332798562795e+00,88.0,0.0,2.10244325062015596783e-01,1.03169860839843749997e+01,8.66492986679077148437e-01);
INSERT INTO "face" VALUES(9,'1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3',0,260,60,428,295,'[[305.7020263671875, 144.8487091064453], [387.2658996582031, 143.99774169921875], [345.0939636230469, 190.20794677734375], [308.0496520996094, 223.62625122070312], [384.5838623046875, 223.56105041503906]]',9.51397061347961425781e-01,168.0,1.34716221293267085458e+03,-2.62184012688164536086e+00,1.18050000000000011369e+02,0.0,3.38545070918141677296e-01,1.286834716796875e+01,1.0);
INSERT INTO "face" VALUES(10,'fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86',0,365,339,515,526,'[[404.4090881347656, 407.57257080078125], [475.7067565917969, 412.22100830078125], [437.85479736328125, 449.6687316894531], [403.8840026855469, 471.4808349609375], [470.0812683105469, 474.33392333984375]]',9.50541138648986816406e-01,150.0,7.1914278858316686184e+02,0.623997621323432,145.0,3.47222222222222235473e-04,2.32631528994922648356e-01,1.27081584930419921875e+01,6.9657236337661743164e-01);
INSERT INTO "face" VALUES(11,'fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86',1,1190,362,1405,649,'[[1255.699951171875, 469.0589294433594], [1357.0413818359375, 477.186279296875], [1307.236328125, 528.5460205078125], [1249.8623046875, 569.14794921875], [1342.5994873046875, 578.072998046875]]',9.41414713859558105468e-01,215.0,7.32662049560038440175e+02,5.945023659636937019e+00,108.0,0.0,1.9478981185475829907e-01,1.22743005752563476566e+01,1.0);
INSERT INTO "face" VALUES(12,'6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71',0,143,344,333,628,'[[165.7340087890625, 446.55804443359375], [262.6336364746094, 451.3544006347656], [194.6262969970703, 502.6604309082031], [164.1482391357422, 546.4666137695312], [252.8421630859375, 551.05322265625]]',9.48766350746154785156e-01,190.0,1.11053457934575408214e+03,-1.9185181517086114411e+01,152.0,0.0,3.28958336600930212334e-01,1.35153694152832031254e+01,1.0);
INSERT INTO "face" VALUES(13,'6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71',1,636,271,771,435,'[[671.42333984375, 328.87847900390625], [736.1419067382812, 333.72216796875], [700.3231811523438, 367.64697265625], [668.7232055664062, 384.0694885253906], [731.640380859375, 387.5670166015625]]',9.55754160881042480468e-01,135.0,706.312464919402,-1.301277157692226627e+00,1.44100000000000193264e+02,3.47222222222222235473e-04,2.36362902082882714305e-01,1.265422821044921875e+01,7.11384356021881103515e-01);
INSERT INTO "face" VALUES(14,'0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6',0,373,89,611,417,'[[436.8581237792969, 206.6045684814453], [552.7321166992188, 206.21739196777344], [492.2885437011719, 271.1422119140625], [439.6958312988281, 317.5925598144531], [548.4493408203125, 318.1270751953125]]',9.51396167278289794921e-01,238.0,2.0044165792532730847e+03,-2.69072160505922397533e+00,1.18050000000000011369e+02,0.0,3.46139056664882815983e-01,1.30203685760498046877e+01,1.0);
INSERT INTO "face" VALUES(15,'0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6',1,450,614,460,626,'[[451.08441162109375, 619.57373046875], [456.0881042480469, 618.7766723632812], [451.9316101074219, 620.9971923828125], [451.4294128417969, 624.2147827148438], [455.33660888671875, 623.1857299804688]]',5.21699130535125732421e-01,10.0,1.77698467656603860116e+01,-3.7167236109273609657e+01,106.0,1.73611111111111117736e-04,3.08539691102926394439e-01,6.09435510635376,3.9144080132246017456e-02);
INSERT INTO "face" VALUES(16,'3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c',0,432,176,711,564,'[[525.194580078125, 321.4732360839844], [662.0913696289062, 329.39239501953125], [597.4625244140625, 411.66461181640625], [522.7579956054688, 465.0754089355469], [637.4061279296875, 472.5898132324219]]',9.44762051105499267578e-01,279.0,1.01283315763588700514e+03,7.30826805315724925549e+00,1.25050000000000181897e+02,0.0,2.6329180448778766177e-01,1.16507759094238281247e+01,1.0);
CREATE TABLE face_encoding (
	face_id INTEGER NOT NULL, 
	model_id VARCHAR(64) NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (face_id, model_id), 
	FOREIGN KEY(face_id) REFERENCES face (id)
);
INSERT INTO "face_encoding" VALUES(1,'dlib-resnet-v1',X'AEB07BBD945DEA3D3644363D97E4BDBD3D77C03B0CB61D3C2919EDBDB054AABD92B76E3EB45C33BEF17C7A3E74C9A83D6D0A22BE09E6F0BD5730A23D4D940A3EABF25ABEB4BBAABDB258B9BDC39EAFBDC88A3F3D64697ABAACA8563D4874093D648A15BE42A9BFBE6A2FA1BD4E6315BE7F93253C972E19BE850594BD098487BC48AE36BE9F6384BDE25528BD2061833A4951C43A989318BDE31C013E68DA033D83F8DFBDFF96B93D0A211ABDC6AF2E3E5FCE923E2F11AF3DE20DE13C5DDF87BDF820063E123255BE182EDA3C7760E13DA7666E3D04C3973CAC1FD13DD23932BEF830E9BA00D4953D137644BE5457F33C28698B3C576988BDB87568BDE655703D8CDF5C3E128AEF3D2A9BE4BDC056B5BDCC0B063E6F7D6CBDC61F8E3CDA88A3BCDA0726BE1FFF5BBEBB7A4FBE0029863D570EA13EA664243EB9A540BE632AB73D49C120BE15B1E03CB5B1293DE23DDABAD7228ABD12DF94BD00E658BD0B044D3DEC0DCB3DD1EE453D40F42BBCC43D7B3E9A8D94BD98E1843C1851EE3C79BD703CCEF51EBEF20225BB2C26EABD3346A9BD30B1833DB94272BDB0B9FC3B882BC13D687065BE30B1053ED22827BD36D8083CFACF173DFDEF7C3DF9D1C7BD2458F3BC400FDD3D884A7FBE70A55E3E613B673EBF40EC3C4D4D443E94C2A63DE2D6763DEC2285BCB4B4393CC82D3BBE778269BD76C9203D9D671F3DD63DB93D0840AF3C');
INSERT INTO "face_encoding" VALUES(1,'sface-2021dec-mirrored',X'4D670ABCF6C08A3AF24DF73B70BEAA3DE263253E528E223E03C3AA3D4B6E92BDAE1C18BE1CED753D82239EBDCFAC793DDB9A613D426DD4BA15FCAA3CD6C7A0BD78C80ABECE2603BC79044ABE45C5DC3DB33424BE465015BE6932C23DEB1B82BCEC2EDE3D7F0435BDCEAE80BD11654A3D1680743D808204BE7329ADBDB429BC3D9FC52C3D12F7F53CE1E99D3C05328A3DE5B66EBDC21B05BDB2C69A3D23830A3E3266243E6A0B063CB331C8BD61561FBD1E22C03D6370AD3CF88CBFBD9C4B173ECAD9E23DC642323C7DB7833D6AC4463D9228EC3C294D68BD3D9FC03AB1F0CCBD329E0BBE1D9FA23D24AD593D4AB57CBDBE2E74BD0DDCD43DAA89D93C83F4B7BC3A1B2E3D704779BD79DE013E42FC6EBDF88149BDF81C403D705A183EEC9F9A3DDB48EC3C79B896BD0FC43B3C45653739EAD3EC3C401297BDDFE41EBEBA54B63D47A69D3D1422E93DAF76AD3AE5886ABD3902A1BD7929213E2626103E64740EBECB5E093E1A9AB93CC554163E3741AEBDC1661BBE8B9815BDB518ECBD61FBE43C11270C3D6411633C243208BD77DD9EBC3B9CC13A3CF9F5BD20C6C2BC211029BEB891B5BDAD45FEBD437FE9BD6E46173D1611AA3D7F94AD3C2372A23C515FB2BCC0D255BE979C153DB540103EC4212FBD60C989BCABBB9ABD1507F5BC8A93F2BD092E8DBC7783F3BCDB8D723D3EE90EBD07E42C3D099419BE1CBBC6BD4C79E3BD');
INSERT INTO "face_encoding" VALUES(2,'dlib-resnet-v1',X'D375D23B9F1D3B3EAF3ABF3DFE5CE5BC4B1B0ABE94BC333DA3CC1BBD40A29CBD6C58473DD2055EBDF6617D3EC4895BBD323E84BE40342FBDE051823DD3B2073E76A014BE808178BDD80E4EBE997D85BD181059BC7C362CBDA4B8CA3C0CB28ABDEAFF58BE447A66BEACEF36BD2C68C6BD7F39E1BCBDD526BEF3349A3D3E2BF9BC4CC610BEA68162BD7D862ABD87DDF7BCF313B0BCB6E578BDDFB7083EF1BCFD3C182E36BEAB30043EC827B53B3DCB613E00B4943E3C14A8B98A525E3D3472B1BD4692073E3CC579BE7EC6583D4F31033D7110293E4D03703D9B4B0D3E0943ABBD9D43CD3C58CF463EC3914ABE7E0E283D9FB14F3D84656FBDFE8F203D08FE42BD6EB8FB3D65EFDB3DFE480ABC58F1BCBD1812463E2486AFBD2463F0BDA7DAE43C6D468DBDFCB107BE7B48AEBE58DC153B6DDC8A3E035C113E828699BE3E6497BD0D991ABDEA1B0F3CF62C133DCB27363CA039E5BCF0CF0BBE916854BDAE9B94BC7A1F773E0CCAEABDD12AD73B3362623E2A89423D13A719BEBAC3633D75E00ABD38E1FCBD98F4F6BBB6A5F3BD66A757BDFC2DCBBCA2AB1EBE405DA7BCFB578A3DBF7E87BE24972D3EDD467ABC1DB6A4BDAEB377BDCD3B06BD0886F73BFF08853DE2986D3E86CA80BE0C5B4C3E492A743ED4B067BD5F96A03D3651AC3C603F873DD22007BDE6BC373DC08EAFBD62DE0ABED4AE83BB7242BFBCC8CC363CADE6913D');
INSERT INTO "face_encoding" VALUES(2,'sface-2021dec-mirrored',X'F58A5FBD8765923DFA4B393C82840D3E2E6CC4BC0512C33D5706B7BD37D7323D762504BE9F4E6A3DB0B9403D05AB423E173C143D7678853BE14A8C3D2096CDBD2921713C9446E53D422C98BD44C44B3D3CF8F8BC46D38BBDF5EC6D3D07BAA93BAABEC93DA81C323D11B976BE539193BDF4CFAC3D3C9723BD586369BD09B42DBD3461C4BC61647CBDB651343E5EA1CFBC907BB0BD5A757CBD18F43ABD88DB013ED1A912BE2CEA0DBE85AC9DBD173B6ABDA54F0C3D641D90BB55FEF93D43EA97BDE02ED53D82AA1EBC3FF8C8BD8469C93DBE8524BD09247EBC43C63EBB80650EBD3C572FBA510E65BDDB83353D29BE7F3DF262BABD85E5623DFD341FBE4861583C9CB3103D069EADBCF64F0CBE7949F3BBBABFC83D00E94DBB7FD36D3D0952A33D4D681D3D2321E23D82ADB8BD3506AABC8CE886BE2A9BC43D1ED92BBEBE26C3BD6B49063D58A6313C35718FBCE13F2BBDFA1792BD1410303E063B8D3C4BCA90BD1B5A80BC31F001BEDA6893BDE53F6D3D1C87E53C0621CFBD56770EBDDDB583BD892A2A3DB0C3163E94ED4CBD8BD217BD9582FDBDD9EC91BC3002B23C735D12BEBCBD12BDFB4B94BD979783BD8151A9BDBB0CC73DD1D1DEBD39C2803D8C0150BCF9CAD9BDE39BDCBBE1CBE23D4594EC3DFA5592BD0C40F9BDBE34243E6BE3403DB60CBE3DD7AAE33C58D7443DF3156ABE95C06F3B6A8003BE95F2CBBD8FF53FBD');
INSERT INTO "face_encoding" VALUES(3,'dlib-resnet-v1',X'6BF59BBDD214A73C883BAB3C34608CBD791A29BE8C3FACBCDF5E20BDFA22DEBDEB84BF3D99BFC7BDCF2B3A3E2FA36DBD21C38EBE7D59F5BC803A8EB80694243EC0FD1FBEFAB628BE4F2413BED44BB7BDED2DBF3C1405F43CE8DC10BC065A6D3D676A84BEB82E88BE0ABE78BD663ACBBD7055673C5BE09ABD660E20BDE2FCA53DFB87C3BDD0570F3D8F02F63DB2CBF63DD774D6BB145AF9BDFAF5053EEB0294BDC8AA6CBE3E19E9BCD5739C3D7F9B403E3C5B983E4E1F2FBDC026BE3A76B9C1BDEC89093ED67594BE9B5C003D760FB53D6E58343DC3E0C23D2F71033D5A8323BEA4C8D63B8A1D813EE9F18CBE011A4BBDF210343C7A6E33BE905F28BD951372BD1EB91E3E3D19003E279241BEEF3810BEB5B8483EB53673BE00D956BB55D1813D687EE3BD0C4B2DBE84AE9EBE5EB26CBCE946E33EF16F433E1F0633BE16BBAFBCD53B5EBD5B39543C3535A13CCA17243D622557BD646FE6BD8016FCBD0EDB2F3DB946553EF6965EBD9C6F323D9EF06D3E36EA1F3D463CC5BCB041393DF8ACEA3DB7E320BEF83386BD345D9BBD3C4ADABC0D3274BD3D8D8CBDFE2D713D00B3243E7304F3BD11FE3F3EFB089FBC944206BD5E2FCBBC56846FBDAE79933C5C57B6BDFB03073EF3D986BE6DB4623D0FCB333E1DF6B63D54543B3E0DB380BCA804573D621418BD34536ABD023130BECBB6D7BC2C86B33C094938BD225CE23C12D6EB3C');
INSERT INTO "face_encoding" VALUES(3,'sface-2021dec-mirrored',X'0D064A3DD21A28BEC5E6C23D5E410F3E7A30FCBCCC09F03CFC11A53D619F5F3DACDAF0BC5F0E803D34D65BBD79B6B53DFDBDF6BC0C25173D806E41BC11850DBD89F7F53D7EA5B83D21B471BD2AA1CDBD74F6333D627D9CBCFFEC5DBC092C803D178911BD06FE75BCB034DDBD6DA416BD7A50E53C20A7CD3D16A59A3D1F948F3CC1DF343B91DCC73C69C0053D5FEF363D006063BD2358DD3D9E3C233C8257B93DFACCD23A7AF03BBE6E9595BE2B9514BE852D86BD15A095BD225B233ED3E20C3E836DF73CE8EE0A3E64FF133CFAE003BE03F6EBBDD91574BCAB3A3DBE57FFC33B808332BE4AC818BDA2291EBD0D5BBD3DC533AFBD4BEF6A3D0C8579BE6C2C2E3D5C820ABDD11FA5BB5B641E3DC12BB63C70E7FB3DF738E33BB1276A3EFD2DBEBD3F7EC03D6EBA2ABEC128503D3CB83CBEE0F0503C365C873DA85E133CE147FD3874998CBDDF46B83D3D472CBD51B8DE3DB53D343D4D1A35BE97F98F3D2B1B08BDD77B8ABDC0ABAABC5B452DBEA9539B3CA30D5D3CA94FA5BC7C05953D60E798BCC8CD5D3BA1B91CBC78C815BC9264053CEFF3C0BCC75A08BD0C5F5C3D4F3BA3BBF3020FBD5EA32ABEA667983D5716253D3FB9653D1998EFBD8C679FBCB1303D3DDCA4CDBD2D35C9BC58DD1C3D03659DBCE7D8703BEC32BF3D880D09BC213C94BC71FADB3D1318CBBD699BA1BB11989E3C153E203EFC8384BD4A9E19BEC08B293D');
INSERT INTO "face_encoding" VALUES(4,'dlib-resnet-v1',X'1CADDCBD89BA073EB42DCE3C121236BC9E3D9B3D73BAB5BD8D03DDBDDC91DCBD7C0E2C3E2D25E1BDC666813ED0A23E3DDB000CBE8C4413BEC6AE853D9289EB3DA0416EBEA526A2BD1C1DEABDAEDD96BD2AE32A3CE85C993BA883A83DDBAC443D84880ABE438CC8BE9C8AB7BD40F843BE82DD893CD378A2BD30DC91BDE6D6F53C22CA10BE3272AABDF844C03BA6B407BD882EA73CF4E53C3DDF78343EA03B343DFFEAFCBDC43D873DBE9C453C8BFE823EAE9D8C3EDDA6D93D4E1D193DC8028FBDC8C2D83DBAD379BE282AF63C7F2F0B3E00379B3D121C1E3DC488203EE3F13DBE1F229FBCA1F7A93DD1B514BE8EC38D3D7ADACE3CBAC40DBD3A1312BD5711153D212E603E5D94003E22700DBE702B2B3C826A203E2B1B5FBD8F19123D7C45C93CE44511BE24CB81BE0D0D73BE7F495F3DE22CB13ECC7C3A3E052336BE86DB223C819003BEB382F33CD20DDF3D2B3A653C3588E4BD1CBAE7BDB80011BDF7B9273D1CF7C03DEE03AC3D61940FBC5416443EFD0B82BDFF414B3D302B23BA4443F83C3E35EBBDF80BECBCB7EB1DBE204B6A3BE0C4CABBB40E2ABDD82BB5BB680BC83D3E912ABEB4D75E3D0B1ABF3CFF42D4BC0226DEBB3825DB3D389008BD1BAEA7BCDD95653D6FC572BE32196D3EC113763E366BA5BB4EC7383EA5A99A3C9220F63CEC133EBD23D003BDFDB133BE840A76BD6B79263DA638033DE48AF43CC6E9BABC');
INSERT INTO "face_encoding" VALUES(4,'sface-2021dec-mirrored',X'5AC1403C8E4457BAE4B4623DA423943D78EC273E440CBB3D87737F3D38D2DABD9F43A7BD55D7883D4CD077BD4206AE3C6C4C043E1AB1ADBD5D7117BE02A4A1BDCEA4823C7ED1043D1EC28CBE0D93643D271288BD7A732EBC4F06B13D36B011BE27DB943D289A40BD71E684BC7EB02C3D9A6A19BAB22D31BE1A21DC392D57D73D52D28F3D61030F3DDB43293C05A7D53DABD2CABCFDF1D53D20E99D3D1D799B3D13A1013E6BE68CBD5565CFBD3363A73C88DDEE3D569318BC837DD4BDFB781B3E66D3A33DD538163DD772F13C694B193D6420233C8DA514BCB951443C71CBAEBD91E72FBD5FD2113DA14672BCCB6C74BD24B3BFBDA4F50E3EA9ABC03C4BAD90BDC0C28E3D7AC633BE4C37833DA24401BE85F43DBD86FBA5BCEFC0FE3D589018BB58772D3D5EA9B8BDB6C3C3BC9EAE8DBDF30CC3BC8E3B1CBC3C5D1BBE8E0B293EB254FF3DEDB0AE3D50CBD93C8A95FFBCB651B1BD8FFA133E49085F3DB37D18BE6F7A833DD9B403BD8D0C053EC1C055BCC3D897BD79B90FBE0CF81D3D82EC973DF7D1943D1E46E7BB1BD989BD7FC9F63D136B84BD99FD6CBDF6A0E83C2FAD9DBD1027F5BD66E624BD37301FBEB895013D2B47233D07E79A3D9E8B2B3D9B0E02BD1DF3DDBD2B9559BCD84B9A3DCDF51BBE08F6DE3B4909F6BDB16141BD8639E0BD3B1F8E3C280039BCFD8FAB3D30CFB6BDD526023EB83B6ABE10694E3DF9F9FCBD');
INSERT INTO "face_encoding" VALUES(5,'dlib-resnet-v1',X'DB4C083CE18D3B3E46AB9F3D104B12BDB8F20FBEFB09443DAC1724BDE76499BDE744383D96001DBD9FCC763EAD1469BD71C185BE86E64BBD04D3783D867B093E403316BEC23383BDB7935ABEA76E6ABD0E2C8CBCC04D54BDEF93D93C197062BD409750BE6EF56CBE2DDC42BD442CD0BD04AEC5BCB15130BEA9D08D3D44531DBD32F112BEEF027EBD08DF3BBD46D920BD0F8390BC4C7976BD931D0C3E330D083D244B39BEED780A3EA0FDBE397842623E7546953E545B043CF552653DA6C1B3BD7527073EC17373BEA82B3B3D74631B3D2CDD243E6F714E3D36EB013E76B199BD1A57E43C77BE4D3ED47354BEAD061C3D4F94313D2BDE75BDC814103D442645BDD907073ECDDEE93DAAC208BCFC29C6BD4CF2423E359FB4BD10C7E6BD4EF8C53CD36893BD9B1303BE423AB1BEB821403BEB9A8F3EFF3C0F3E153A9DBEF27F9EBD783732BD577FF33B31BA233D9A8E4E3CED5924BD5BAD09BE539F72BD34B18EBC4B0A733E92F4EBBDEEB3673CCFE25F3E16C6603DEE2E10BEB6276D3DC5C5F7BCEBA802BE5E4627BCCF89EBBD03A350BDE3F4A6BC91FD11BE465F34BC2BAE8F3D069A7DBEE054233E88E669BCC1FBA9BDB62982BD2DD7F8BCA3B0863C7557343D3C1C6B3EB7AC79BE22C5433E1DD7753E19406FBD06D0833D5EF2A13CA6818C3D30262DBDDA0E563D57BBB0BD5B86FABDDC6FD83BF8D7C2BCDC848B3C1A3F823D');
INSERT INTO "face_encoding" VALUES(5,'sface-2021dec-mirrored',X'B66560BC11D5E73DF0E7663DD00BF13D4A0ED13CC0DFC13D63C6A8BD7C77EFBC0E4091BD87A532BC331BC93D51DA213ECFF6303DD2DA23BC3D8B023D9C7FB6BD34BF8DBBEBC5FB3D2C938EBD06B2B33D9E713DBD700281BDA5B0A33D4FE760BDDE8AA83DEA8A8C3D5CAD6CBE201AC3BDCE2B873DE6CE73BD6DB87ABD032518BDDD2795BC70E598BD49131B3EEDFF263D0B0391BD370B4EBD1F128ABD036A183E90E820BE1891E9BD881089BD477486BDD228123D1D76773ACC93923DB7C51DBD8254CE3D660397BC021F06BECA59083E3CEC96BD1FE1A2BAF0F03F3C528E20BD42A7F9BB996D68BD8066F33CF4D0CE3D612EA0BDDDD6943D559EF6BDDE342C3D7F2E913C687119BDD7B5F8BD4F127BBB4CF0AA3D0610CBBCF0310C3D07CD543DF2B6513DB18CD83DD902ADBDE6A1283C373581BECD7AC83D1B4923BEB65ED4BD2C8088BC3D67F03CFFCC9F3C8104883CC14780BDCB6C3C3E8B75C83C79ECD7BD6DB727BD41E7B6BD3342EABC1D02123D6B33273D7E33CBBD062F21BDD63F91BDE2AD153DE4F6DE3DA1AA47BD3FD687BD506304BEBA8BE2BCA618203D242111BE55F681BB686FBFBD39FA7FBDB03B10BEA5E8D33D5711FFBDDA7C793D33C70BBA99FEB4BD9E71BD3CF2DD0C3E7D7EE93D8A534FBCDF4A1FBEF6D7333E85771E3DF981F83D25770D3D047B463DDC3A67BE89DD5BBB469711BEAC28CEBD517AC6BC');
INSERT INTO "face_encoding" VALUES(6,'dlib-resnet-v1',X'F7C03CBDA24B0A3E1DCDC43C176281BD0520A63D0B08B3BD5EA6EFBD9A92BDBDD1A6393E97E1DDBD0E433B3EACE5103D1BCA3DBEB33FF9BD98326C3D6E23083E4EC749BE0FB4D6BD738910BE12A758BD88B05FBC65BB30BC95A6E53D7633683C9F2AC6BDB217D1BE17E1BCBDF3E137BE2C49A23B5A5B78BD11E2BBBCDD6AA13CEEC918BEC54996BD8716693C2AB916BD1E8B973CAEA4353D5BC3523E1133953D7D9E10BE28E9AC3D166CEABB18E1693EF46D8F3EE761E33D83EDB43D2B2888BD908DD63DBA868CBEE71C523D2845DE3DF23A9B3DA24CEE3C7976283E23EB3DBE3CEB553B38C89B3D1AEA3EBE019DD73DF66E5A3DBE7D6EBDA3C48FBD9DDA7E3D4044593E5F97D03D60F40FBEFEA619BD7A37283E5B16A7BDC2ED5B3D6620B23CDD2FF5BD892952BEFE5688BE5866553DF44FA83E04762C3E564F26BE9C53E83C5AC413BECCCF423D33B6403DA738D5BC6AFFFABD909ADDBD641C33BD6C26823BAAF1E23D2642373D3E5312BDF235363E21D19ABDE3B34B3DD75598BC126B1D3DACDF01BE33C96EBD484A21BE06AD8BBB90D3E6BA855299BD06957FBC59E0893D971947BEAAE7813D02B9E2BC92787EBDDF7DE6BCB37D063E925F9FBDC90ADBBCE2F6C23D417772BE6D7F7D3E7EBC8E3E772A703CD2651C3E64446E3D6040D53C1C31C5BCD8E9DC3A2B4110BE5BEFF2BD9064563C2ACDAB3D2671133D72596D3C');
INSERT INTO "face_encoding" VALUES(6,'sface-2021dec-mirrored',X'7BA3073D2241543CB147E93C5CA7AA3D77BD2A3EF63EBB3DD5A6153D16D4F5BD8CFE60BDD847DF3CEB5ED7BD0984933D977B2D3EC0F302BE5381EABD815714BDC2BB3A3DEF38C1BBC20066BE6304DF3D9C89FEBD4376893C54BE123E518DADBD5D35AE3D2B28553C63819ABD554EAABCA0AF8FBCFDC700BEB190B5BCFB86793D8C81C93D33FE0E3D59C2B8394F7B1C3E6623103D36B46D3C2DACA23DEDAA213D8B18883DFB26E0B9FE3198BC1FB627BDBE8A263E4901E5BCF04BE7BDF1A4533E08E1B53DBAB9BE3D9A96F93CC270733BF7131D3D948473BD736CD6BC21E928BDA5B73FBDCBD54BBDA13B8C3DCBE314BE685B96BD9B6AEC3D4FF68A3CE665FDBDE8A68E3DE0E226BE86B2F83D640B0DBE02325EBDC71658BDB871023E619A07BDDB80C03D172B1FBD64BC803C2BC194BC823A85BDC77F8D3A7889D7BDFEF6EF3DF026393E9F6FFE3D596292BADF3EAC3AFFB68ABD201CE13D5AF8F93CD1E408BE2854943D07D884BDB33DF03DC91F3C3D095CD4BD0DFDD2BDCBC9A53CA635213D5432DDBC20C9AEBC9A5694BCC896D93DB93CBA3CB0D395BD4D766A3B0D0E18BDC95F3EBE87787DBDBA113ABE618CFD3CA0424A3B64DFDF3C08E09EBC696EF8BC598116BD42DD05BD6D083B3D86AB1CBE16028F3CC9199EBD35A99D3CC2AEBBBD240D413DF886C5BBCE83113E3110C5BCBBF4353EDD5640BEC83C433CA3AEB2BD');
INSERT INTO "face_encoding" VALUES(7,'dlib-resnet-v1',X'126A92BDA957BD3CE6C1803C4A439FBD47204ABE2CB2B4BB782086BC7F5D0DBE6885023E3AF801BE8A9D2C3E5C94A8BDE66275BE51607ABDB8ED283CB93D153E1C4E0EBE840333BE258C09BE187791BDCD31963C23569C3D30560D3D1E01FF3C829985BEE6ADB0BEEA3C8FBD20CC66BDC5C8BA3C7A4557BD78BF22BB328C2B3E622ED9BDA91A0B3DBCA8FB3D3A1AF53D36EA1CBD833786BDD9842A3E3F4280BDCBD88BBE70390BBA488BDC3D7D9C4E3E3BD2903EE88565BD7C32A5BBE6D089BDB962023E826B83BE7A88313DB6DDE33DA27CCC3DFABD863D5174173D125DFFBD4CE8EABC558E733ECA5F8DBE941221BDCC4C693D233A3FBE327A59BDF7A919BDFE8DEF3D7FA3EB3DA8F620BE8E4444BEEC681C3ED0CD74BE96A7873BA8EEAC3D350500BEC11732BE74D397BE4E8532BC2A9AAC3EC115183E318010BE9656DFBCA8379BBC30B2083D05BA60BC57751A3CC63BA9BDF1CDF0BDEE32ECBDAED7413DAEDB473EEE428FBD59DF8A3CE18A863E3C813E3DF397FABCDA84AB3C48FAA93DACF71DBEF49B14BDEE0CD3BD0C501EBB27DE21BDBF487DBD1D00873D3E70173E585217BE1EBF653EA72971BD4065ABBC4D0679BCD1BF9EBD7C7600BD6BD7A9BDD853073E985D7BBEBD178B3D7FB41C3EBCAFBE3D63DC453EB1651B3DA6C5823C0F3943BC4C0AF4BCDD3E19BEE132D0BC329E913D441989BD4A8CC13C4FA8E53C');
INSERT INTO "face_encoding" VALUES(7,'sface-2021dec-mirrored',X'F537F53DE31D1BBE477AB23D4A342B3ED59F99BD32C78F3C48F7263DE19C7ABD91BCDB3B6678DA3D8D8032BDC407D23B385D7CBCF17983BDE6DBCEBD5782623BCF0F573E551B763C0496923C179996BDD4F4523D54E4673D0806113D2458083E62AC02BEF710D4BB717BB7BD6FDE58BDA4E2973C8BAEC43D1C9FD13D1EE232BC1492953C1731933D2C93A23DF34B483CAD0935BDA15D4E3E9E9B923A8B98BF3DEEA38D3B704500BEEDF417BECBF3ABBDF7F168BDDB625E3C4425103DFF3B2E3BAA12753D21F42B3EE9093D3D6A0FC83C25DAFFBDD899CE3A9DA567BE21C92B3D175EDABDD0D84ABDB4B8DCBCA16F003E50DD0C3DFFEE2EBEB0246BBE48A702BD1C1D7D3DC59F0BBD7938EB3DBA74DEBB12FF633D02E1DBBAC514283EAB3193BD81625A3D387B6D3D8A1BE73C902D04BE30BA5DBBD66DF43DBC7545BD889B933C464A25BEE28A823D1C200CBE71903F3D8549883D5A9557BEE1B6943D0989DDBD713A1EBDD95F80BC49F91FBDB9B08FBD43924B3D2ED99F3D492F673D9106F4BB2D7736BB3B190CBD16A0F3BD7AB0A9BC1503283D8F70773D274A0B3D79AAFE3A6754EBBD2BFB0DBEADD2CF3CDC17933D94BAA83CA050CCBDEBF135BEA253953D345D69BDBAF032BD17F1BA3DEE6017BDCC440BBCD797373C6247D3BD56618DBD35BDF63D57DF03BE79F5A6BDB8C2233D0E15AA3D2EDAF2BD001DA2BD745708BB');
INSERT INTO "face_encoding" VALUES(8,'dlib-resnet-v1',X'6CBC4A3D576A103E5E63D63D3306CEBCCA8EA2BD94196A3CE0293DBDC4F2DBBDDC31993D505CCABD868C6D3E53D482BD84DA94BE59E695BCADD1083DF0E6053E78800EBEBC7D8DBDB85342BE3640ABBD669C5CBB8877DABC91FDB33C3F809CBD735652BECCC763BEC6847FBD9C2CBCBDED3E4EBDE37C1EBEFFB4AD3D5F8ABEBC6BCDF3BD77F613BD6EBFBCBC826E3CBD98D30FBD1D0A80BD920F1E3E86530E3D7C4C2BBE36EEA33D4227B83CE36A4A3EB70D843E6B7FE0BB281C5C3D44C9A5BD99CC013E0B2D80BEB4BE503DB6A9263DE2052B3E3C24D13D3A2E1F3E93D3F7BD3293C83CABA4503EF0EE2EBE60ED7B3D8409A63DA8B48BBD6ABF463CC6E991BCA7E3D33D2A169C3D5BCF1ABD3B9BCDBD68A9303EFC5CB9BDCD49CBBDEC1C073DC82BA4BDB71C0BBEE9D69EBEC80879BBD13B793E6049ED3DD9F37BBE07D98EBD3122B6BC4D82EB3CD841553C02EBE1BCD06014BD38B6F1BDB993DFBC19D93FBC81664D3EBE1AC4BD00E2D0BADE7E4A3EA25A86BC063809BE7C0A2A3D7262B9BC8E1B05BE7812103CF93ECABD493BBEBC00E75E39F5F825BECE0A2CBC59C54A3D1E9A84BE8790393E278428BDDE5A92BD173C25BDA9EE74BCB83A1FBD4F8CAD3D5FD8793ECE1F87BEF9BE553E766F743E6A7418BD287A913DEE20123CF412673D969411BDD609463D6863EEBD971F14BE9C3187BC39EE90BCC8BEB9BBF6222F3D');
INSERT INTO "face_encoding" VALUES(8,'sface-2021dec-mirrored',X'EB08653D9BF3E93D80C6B83CF296623EE9F3D5BCE2EB4E3C1235B7BD64B49A3D881422BD115552BD7F76513DA72F103EF276C5BC88E7013D3C6A9EBC90411EBD10582C3C3403043E34CAE1BC985BCDBC9D7AC6BC5254A9BD47EB463D619D633D3BD31F3D98B10F3C1B37ADBED69DB3BD30966F3D976FAF3C30AB39BB6E6C63BD6450B2BCD49692BDF840113E93FF2CBCF2A18FBD364031BC5C6411BD5521FD3D98DAF3BDC7FB07BE4FB459BD631C01BE5A2AB83D492B6B3D3EEA293DFDE6D1BDCE84923DEF30B63C44250FBE6E8EC33D72620E3A2A518ABDDC5D91BDE3E241BD555E853C034177BCEFDF2D3EE2E5673AFE8048BD0C1A633D19574ABBD53AE83B7594673C4413693CDEAC0FBD2C20E73B47FCD83C83FDA5388D6DAE3D1953C13D97753D3D4DD35B3DF54366BDA3636BBCBE1D83BE3F01833DCCA51DBE8AD67CBD48A8803DEA6DC9BC5D4692BC1B98873C2F0536BC24DE033E9B8BFDBBA4A5C7BD4C100F3DC3983BBD2C3A49BC042C003DACDED8BBC37439BDCDF7ACBD361004BEDEC1013E90B79F3D6BA90BBE7FE2CE3BF91C5ABEF4B3EBBDA70DBDBBDA070DBECF878C3C7967433C9FFA04BA7771FABDCCF0413E70B2B6BDDDE0713A0FFCA53D23BE10BDF93DFF3B823BE83D05E87A3CF4660FBED63025BEBF7C0D3E8DA8A83DF0138F3D5F1D45BDD113873D4AA2B7BD4418553C8E9039BEB83FFABD732F38BD');
INSERT INTO "face_encoding" VALUES(9,'dlib-resnet-v1',X'6812B9BDF694F93D6904E83C0C018CBD4B705D3CBF76B33B6B24CDBD01ADB2BDC65C3D3E7637D0BD03A1813E78F9983DD99D5CBE7E7709BE29D0563DBAA1FF3D1CEF2CBE93F8A2BDEC77E8BDEE7FCDBD2C4C5F3C704FC1B9E459DC3DC030263DEE6FFDBD0D3CB9BE615592BDF45037BE4E7B35BCCB3DDDBDA9A5C4BD7D96E6BAC8E734BEA873DFBD2AEDC33C115B76BC72A0883B9CC428BC0F854E3EA6CCD83C1CF0F5BD5AE6D53D5C23A13B1AE8623E8875923E9B43933D4C478C3B7328D2BD6D71DE3D274562BE72F4883D072A183E41F6973D557A143D13A3C63DABF841BE76F6483C5DD0C23DCEBC10BEE72CB83BBE20283C8F7A9DBDDA4C21BDE5DBE93C359D533E95C3DB3D4985FDBDA0C15ABD6E4D073EC31D3BBC35740B3D4A23AB3C824C4CBE7F6257BEA50A71BE4C41BB3D18DFBC3E0F18403E058E5EBE92BAA73CE65148BE12401C3D045E683DAD45E63B5EF4AFBD7C5206BEDCD01ABD3679653DA597B23D62211B3D746026BD3A37563E140EE4BCD6D6733D056EE73C36BF6A3D0C5A15BEB95D01BD7E5835BE91ED50BD14EA603CEA2240BD4258DF3C47650C3E9F5E7ABEDCA3873DAAC92D3C896549BDCFF5AF3C3E858A3D086DC5BCF8EACEBC602A953D073480BEB80D783E6B347B3E0E4F3C3D3EEE3F3E64839A3DE758F03C8BEEEFBC150BC3BCEE7334BE22B875BD51F1763DF801A73DA900A73D2ED1533C');
INSERT INTO "face_encoding" VALUES(9,'sface-2021dec-mirrored',X'CB905A3AB07C3F393BF10BBD843DF53BA368613D7F31E13DDACCA13D5FA6BBBDDB0807BDF9EE493C97D561BD48A3733B27EB973DBDF78DBD7E7FAEBD5B23C6BDE80BB7BC4C88D63BEBF85DBE1BCB9A3D6CEBF1BC61D1713CDBD806BDDB8719BE457D943D355CDABD39FB62BD3EA0D13D6773743D974439BE6874F6BB5E3D083E77B08C3C918DD23D5F738EBCCA2AAF3D57E8BEBDDB351F3D7DDDE13D1A7AE63DAD8B283E0D16F5BC6B2371BB9934B4BC876BAD3CDF25723D68BA25BEC00F353E682B463D3857C63D529E263D1D107B3DD507AE3D902A36BD5098A5BC416DBC3C117B99BD7483593DCF240DBDA0E553BDC96A81BDE7951C3D047542BCC57672BD2280C33DF8E581BDE26B293E600CC4BD89240EBDD379253DEC58EA3D32BDA33D3632DDBB3B2D9DBD9C1D73BD5FA8153CA9C54D3B8AC7C8BC2ECF08BED32BD83DF9F6E43D11C7053E21698EBD3898F038CB38E2BD801AF73DFA37C23D6BE3B9BD3DADDD3BB73EECBC225B353E03EB08BEEEC3FFBD048C40BE4369B5BD3EDD253EF0817BBD4B46C83C2207C1BC71B55B3D3F1692BB817A92BD786F353DE16427BE2A6F68BE9CA4D9BDF7AC12BE0671EC3D8BFDC83C233EBF3DBCC28A3D8F99DB3C7CA515BE17A4F43B1DDB0A3D9D1C74BDCD523A3DF2FD2ABD53A4603B54F413BEA357473DA8199F3D7E377E3DC45700BC705A323EAFFDDEBDE6D188BC7F74A5BC');
INSERT INTO "face_encoding" VALUES(10,'dlib-resnet-v1',X'4EE87EBD5674E13C544FA13C6F328EBD72631FBEB2F53EBC47F908BD9894D9BD7C1BE03D8FB0DDBD9EFE383E1DA649BD51428ABE8D7C0DBDCA0F863C70E41F3EAA7D24BE58AD2ABEE3271CBE6050ABBDBA1DAE3C47F72D3DF4C600BC9EEF5B3D8B8988BE506A8EBEA64785BDBB66D2BD81518D3C3268B0BD94EAF0BC9C9EB43D9FD3B9BD8C50153DAF6DEB3D321CEE3D103F2EBC42CCF0BD4644013EA47595BD255F78BEA819E1BCEF658E3D86784C3E470E973EF1052DBD80F5DCB96C57ACBD243E073E53399ABEF5D1093D11C0AC3D505C213DA0DBC53DC7DA3D3D9DAD1DBEF017793BA0EE763EF5A68CBEC3A531BDF786483C028735BE72AF0ABD572857BD25801C3E6DB1F73D0BBA3EBE81C80BBE5284413E8AA877BE6D9C89BBAFF6903D705DE9BD233E34BE299AA2BE4D3B93BC7B11E43EDB914A3E1D0532BED68CCBBC93624DBDB81CB03CF31EE53CF3F4303D618F46BDE41CE4BD9C59FCBD04BB633DE1C05B3E053469BDA23FFD3C121E733EC83C113D7C63D5BCE92F193D3958E13DCE0016BEA89E8DBDA437A4BD74CAA5BCE6BD45BD8BA45EBD9113513DB0D52F3EAB3DEABD5CD14A3E9E4C6ABC5EDD08BD4D1D80BC90E142BDF194133C637CBEBDD6F30B3E59CD86BE9814623DDC6F393E4827A73D707B363E5EAECEBC5E5A473DBF8225BDC6AC74BD168836BE45A9EEBC0C25D83C7F9227BD6C04C33C6018B03C');
INSERT INTO "face_encoding" VALUES(10,'sface-2021dec-mirrored',X'FC1E803CF2CF1ABEAF9CAE3D52F1203EE59CFA3C09A8B83C1B51DF3D9A15413DEE9A9D3CA332A03D9BB170BD6F1EA63D46F867BD86502B3D1388EE3BB8FD19BB6134DE3D67D4543D5A8C7EBDC607D0BD8AC7463D2F848FBC14343EBD6F7EAC3D002D9BBD6DE8003BE75E0ABE630683BD592F4E3A78C1EC3D169B323D66E6FC3BE2F969BB05965C3D46F9253D91148D3DF0A0C8BD48ACC83D4ED3353D757BB63DCDF9933C3BBD37BE87AF8FBECD96EDBD4C4539BCBF6DFABC58A8153EB2B3DC3D5561C73C4215EB3DFCB7AFBC1425F3BD7629BEBDF15A003D2CFC59BE4CF127BC87F12CBEE4C977BC3C9D4BBD1FB3F03D98298BBDA97D313D878C8EBE5CE0993D548E933CF3D91DBC3CA1A63CCBFDAA3971970A3E30A902BD51AE5B3E97CD8ABD1C37D53D0B4D09BE5EA9903D09663BBEACC8603DB6FC183DA4C4ACBC333773BC43A8B8BD27ED7F3D09D1A2BD49ABD23D4BFD8339C5F746BE71EEC93D284560BDF8F58DBDD21266BCBC2D05BEAB27283D610BA13AD44ED9BC99DE8A3DD93DBE3CA6EA46BB126B87BCC94C53BD8B67823C2C11BABC228936BDF7484A3DA561613C93F4B9BBB1FF21BEF3BE0D3D0163A43C87A7713DEBE715BE27ADD4BC13BE1D3D8005A8BDE5B17A3AC950893C52D9A3BB44F9C9BB9C92FD3C1182253C43048EBBE8702C3E4833C7BD8A94B7BBF1FC463DACC0133E4EF6B0BDE20A09BEA6D105BA');
INSERT INTO "face_encoding" VALUES(11,'dlib-resnet-v1',X'00355B3CA690403E0EC5A53DD90B12BD032708BE03B1373DB25518BDBEFBA8BD40424C3D678E2FBDD878783EFB4C5EBD311C87BEB95A57BD0411913D4A43043E7C960CBE7D638BBD1AC95CBE20175ABD0ECA82BCCF6E3EBD8B24E73CA1B76BBD05E853BEC4B06FBEFC0B4DBD44F3C9BD4E22E3BC333D2DBEAF00983DA50414BDCB2B17BE082073BD09BF36BD56BA04BD128783BCA85D85BDCD90123E909A043DD2FA3EBE3F6F023EA80B013CD1385E3E5BFC923E60EEB3B870B4753DECB3B7BD3BD7093E0D9769BE904D653D2428123D988C2B3E6C80653D7DFF0A3E39F099BDDC22D83CA2BA4B3EB00F56BE1DEB073D6A073F3D64465FBD1EF6E53CC6BA5ABD38BC043EB8D0E43D4ED1F6BB76DBC6BD8889453E85DDB7BD17A5F1BDB4AB083D346696BD9718FFBDCA33B1BEC0A16BBA3B268D3E1B1C0B3E01749EBE06BB9EBD824B2CBD4C0FAFBA75D6103DF7704B3C440EF4BC0AA902BE5E5F5CBDD86758BC87AE7D3EB8C9E3BD263F4D3C6F1E603E42DA5F3DFF4E16BE9E645C3D7F1D03BD8D22F9BD86FC4BBC61DDF0BDB1A754BD7049A4BC9B9010BED0EDA8BCD9908B3D78D484BE2FCF283EB72A96BBD3F0AEBD9A316FBD81E806BD95C6483C22403D3D5E1A6D3EB24F80BE98AF443E50796B3E17BA7FBD941B803DBED3313C649C953D690220BD58E8333D7AA3BBBD55C505BE774F063C0CA4AABC2A21973C4E81853D');
INSERT INTO "face_encoding" VALUES(11,'sface-2021dec-mirrored',X'089523BDBA188E3DD06F3E3DD54DF13DFE1B853B7847843D2742E0BD8905AF3C79C008BE94C6CF3A7D336E3DDC5F3E3EB5998C3D8C4012BD974E653DE5D5F4BDC511373C387F913DCE6E9EBDD798323DCC2485BC3A1991BDA65B583DE99107BDE77D853DD8CBD43C244F6EBEFDC6C1BD4566663D6D2CE8BC3A0FA3BD42E4F5BB7A4342BDA55799BCE5E3233E76F29CBB47A4C7BD3B0F54BDF22954BDE4951F3EDC2A15BE62DA05BE527E4ABD890768BDEA11313D282814BC6AC7E83D0B9F4EBD4751013E01E12BBCD243FDBD7085B43D751479BD96D5433BB081B03B67FC26BDE1FD833CB1970EBDB241293D4BD0EF3DDBC782BDFDF54D3D421418BE02A3103DDCB82E3DC410FC3909E0C8BD7C3542BCC867CD3D41B5613CA0BE5D3D0E7A923DCCDD883D996CCE3D527DB4BDD7A9C23B689680BE7A9DEC3DDC5B1CBE8271F2BD235D373A6760DCBB32D066BAAB5DAEBAC2FF58BD0F14323E9900373DBA389DBD21213ABDA464BEBD859104BD0EA0553D95810F3C3FBA93BDF17682BDBC8613BDD141593D16F20B3E1625E7BC1BD000BD249F0BBEFFEBB7BCE592983C8EC92BBEEC89C2BC0EF69ABD8BAE66BDC13705BE4997E43D38A509BE3617AB3D79C8E7BB226425BE02A39A3B1F5A953DC36BE03D964F8FBD63790DBE3F44243E7CFD543D8614DA3D89D80B3D6470A33D512A5EBE0B8632BC0A4108BEB87FE6BD7E872BBD');
INSERT INTO "face_encoding" VALUES(12,'dlib-resnet-v1',X'A4D478BD0440E93DDB5C203DD221B6BDFD2EB33B4A34003C9C15E5BD8E189DBD3AF16C3E88A627BEDB39813EF3BFAB3DD8DF23BE6DCDF6BD4F77A73D78D8093E67BF57BEB4D79BBD6E3CD5BDC4BACBBD8F10393D9CE27C3A01164F3DF40C0F3D8BB015BE6F16BCBE49F093BDEE2F19BECB8F243C5D7927BE736EA9BD418A82BC6CF234BEC76B8ABD85BA35BD50139DBBC629C53B2D2D14BD99CEEB3DAE9AEE3CB836D1BD3077C83D92B917BD4579313EC0F0983E6F42943DB28DC13CA72494BD86C5F83D45C24DBE6A16AE3CBC9BE23DFCC0623D43C9963C77F6D23D3D502FBE03FE5CBC9D459E3D897F3FBECAEB0A3DD874713C85EA85BDED6B8BBD50024A3D912B613E6574FD3D2084EABDCFD3B9BD42E90A3EF03958BDB6AA903C363981BC47982CBE9F5F5DBE37424CBE85908E3DE88AA33E12D3233EC82651BE41E9B13DE9F12FBE93580A3DADEF3E3D181601BC8C8886BD7F429BBD0A726CBDE0FE6D3D86CCC33D193F513DE04A62BC60EF793E73478EBD03D21E3C4515123D70A4913C8C951EBED21036BCC6D8F9BD437EC1BDDE55853D883B92BDA00CFD3B1A44C53DED6358BE70D5FF3DEA66F0BC6F87743C41C12A3D93838A3DA193AFBD466904BD1AF5E23D735780BEC28F633E0BDD613E44D5073D02C83F3EB5F68D3D8314913D3E99DEBC010F213CE5F133BE1A3E35BDE97DFB3CBE97333D6FEBBB3DC0C8BB3C');
INSERT INTO "face_encoding" VALUES(12,'sface-2021dec-mirrored',X'4D5A3C3A9A55F63C5DCB223CB54AF33DDEAC213E1BD2323E34E8AB3D49DB31BD9E5C03BEC962E43D0FF3DABD7F9BA53D6BD3F93C4ED2B3BCB514023DA2F8CEBDBD5A0ABEC2C626BBC3AE4FBE72D9C23DD6B00DBE5D6D2FBE9F6F903D7ADD00BC2C7BD33D4A3135BD7CF275BD3F605F3D06F27D3D7FC507BE61A476BD7841823DB40E403D04850A3DE110E83C8907B53D1DF864BDF23B2DBD01CCDB3D07B32F3EF667153E80B8083C5B2377BC469920BD453FC33D1EE6DF3C8899C8BDC1AC043E0895EA3D1EDC843CB572853D332A823D1DAF2A3DE34DD2BC06C401BBA9B33ABD2BD20BBEC877DE3D7EF2E73B97EE6CBD756E0BBD0318CF3D87C7143BF8A1D9BC248D083DF007A8BD475CEE3D8C4691BDB3AA86BD08A70A3DC8D8053E21F0323D259B1A3D718F31BD8FFEEF3CEA9CB9BB60ECDF3BF7B073BD31F015BEC9417C3DA7994A3DFA14F93D35BFFE3C45CC72BD14412CBD03C81A3EBF8D043EDBF8FBBD3D3D113EB40DEC3C0ABA1A3E5105C0BD73DAC6BD26C7CCBDC10601BE7ADB643D3E528C3DD331403DE0C51ABDE49D69BC64C1DE3B44FAE7BDCA098EBC5F8C2DBEEBA2EBBD389EFBBDD707F3BD0E401C3DD043B43D7EAB15BC7BF8603D95F2E7BC5E8C4BBE05C0693DF9ACF33D4ED999BCF6E57FBC813695BDFDB430BD4DB412BE29CC1E3C7810EFBC99C75E3DDF93A5BC26224E3D718F36BECC5294BD5AA8ECBD');
INSERT INTO "face_encoding" VALUES(13,'dlib-resnet-v1',X'4AF27BBDC83CA13CA46D923CDC4681BD8A0620BE8EDABFBCF4F905BD4CF0E3BDB567D73D6C74E1BDB121303E083D37BDFB6B8ABE15C617BD0AD4363CC2AC1C3E1CB61ABE6C2B30BE20D11ABE0803B2BD4ACED33CC5D2373D1998EABB2432503D38B583BE7EA58EBE438781BD46F7C6BDB9FF483CD877A6BD66760CBD5C36AE3D7EB0C8BD691E043D77CAE23DECB7E93DE0C422BC9F9CEBBDCFE6FA3DAEAB84BD945C7ABE9E75C5BCB9928D3DDCCD453EA5429A3ED07E5CBD2C6CA9BBFEE9B4BDB692013ED30E96BE70499E3CDB46B23DF989453D19B6B63DF7E0093D9F991ABE38568F3B9F6F753EF13791BE674647BDCDDE0D3C35D733BEAAC93FBDD81225BDC125133ED3B1F63DC1093EBE82E712BE54D33D3E9D4D7EBEDC183DBBAA5E893D7611ECBDEBEC37BE52ADA0BE8E6898BC3C88E13E33DD3B3E3E1D33BE209BA4BC13EF4FBDE6E7A93C13A5D23C02F4213DB0D153BDECB1DDBDC8FC02BE7EF4743D3ABB503ED96E5DBD67D5EC3C0BDA6E3ED0DA113DDE3794BCDEE82F3D4457F43D594F19BE044C80BD9734B5BD542FCCBC34103DBD6B285EBD67D0553D7D612D3E4C1DDBBD3F5E493E51D37EBCE07E0FBD8C1C8ABC056776BDB0191B3C38B5BDBD37C4043EFE1280BE07DC5D3D66733A3ECDDBA93D0575333E6552A4BC57A80B3D003A1FBD58FD6EBDCDD63EBEA9D3A9BC8CDAC03CB61141BD4878C33CDC7F843C');
INSERT INTO "face_encoding" VALUES(13,'sface-2021dec-mirrored',X'CC3F6F3CD77713BE7DF6A63DB1D80A3EEB207DBB2B29BB3CFEC0C53D238A503D8CD3E73CFA168E3DCAE259BDFD5CB03DA21E3BBD1526FD3C90FD37BB713E12BB15B0D93DB166223D956558BD2B70D0BD4A082F3D0EB62FBD8E3924BDF41ABE3D181D9CBDB4183F3C75EC04BE17326DBDA9A4D63C0DD5ED3D60DE3D3D374C0A3CCDA6ED3BFCEB4E3D8E38313D8D4B6C3DCBD5C9BD8886AF3D16F72B3DCE98923D61BF8F3C561B2ABE71308FBEE8E610BE158792BC7700DEBC89BE063E7A4FFB3D615C493DA8E9EC3D7EDC92BC480601BE64A2CABDBAAEA33BCB2D6BBE837530BC886627BE0F5A9DBC6D506ABD2B5EF03D2C2387BDB92D183DF37790BEF1A9A23D0626853A1D32AD3B9F0BBF3C551E33BC6A6E213E20CEFDBCC2E3593E4B708ABD30DAC73D2CCC19BE70E38A3DDC8C38BE5889443DB412533DB2B490BC3DE77EBC1DE6C5BD3DE7843DE5569EBD5CBBB03DFF33D8BB11A743BE4126C63D294948BD5A82B2BD9BC496BC4D4C09BE132B3D3D84BA68BC0862C8BC1A9AB23D8DF0953CB78593BB4EC367BCD1E7D0BC78E9233C5BCA3FBCAAC008BD615A683D763AAA3BB5A728BCE7652CBE7F79203D046C8F3CE481693DB30801BE4FCBA2BC8A80603DDDD3D1BD12DB6F3BC042D73CB20A7E3A957D05BC7336153DDFCFCD3B81D347BCC01E213E7C09B2BDF74806BA7AB0ED3C4806223EA730B0BD77B109BE0C2DC43C');
INSERT INTO "face_encoding" VALUES(14,'dlib-resnet-v1',X'21EABDBD37B1FE3DAE6E223B893382BDAE6D9F3C6B34193B8EF7ABBD23CAD0BD97553A3E4887DCBD7B1F803E4729AC3D720859BEE0F80EBE3F844B3D0B95FA3D948B37BE4BD2B4BDC009E8BDB60EEEBD896B123D3F28BABB3CABCB3DE8D6363DAF9B03BEBA1FB1BEE6AB85BD12B03BBEE06D71BA7820DDBD9873A1BD511071BC97163ABE8E4DD1BD90358C3C81D09ABC66C00C3C601FABBA8338533E8FBEDD3C87AFE5BDA884C83D35C6353C1E29653E0225933E82F4943D205489BBF6C1C0BDB7C3DA3D94965EBEC05C8C3D686F183E18F0A93D224D0C3D6BFCCF3D071B38BE2659B03B2270B73D46A312BE8CEEEF3B8B40DC3BC2E98EBDDC6620BDF6230E3DAEAD513E8AA8C63DD275FEBD0A2F40BD2700093E4EADB9BC0CCFA63C9E08443CE0DE44BE3FA955BE77496BBE5695B53DF496C13EE76A443ECEA156BEB31EE23CB09643BE9CBAB93C4035913D1A24C83BDAD191BD002C0DBED87229BD319F813D9631A73D30621A3D32A839BD22CE593E26EF17BDAAE25E3D5E8B8F3C5CFA6E3D1C001FBED3099BBC479E25BEFF8986BDC07C933C23B302BDC12F0E3D5B17113E93D869BE2476813DE491D33B88A415BD5A8EB03CCBA9973D6A52FFBC573F05BD653E743DCBDC73BE76247A3E6EA8773EE873BE3C0FC5303EF19A913DF647C73C28766BBC687EA6BCC44C44BEC09F73BDC22E583D0062993D9697A83D13070A3C');
INSERT INTO "face_encoding" VALUES(14,'sface-2021dec-mirrored',X'F0C1813CAE2D263BE18C0BBD8966E03B2AB8903D398EF73D9029A23DD3B1C5BD8850FCBCD5658B3C18AEB7BD539022BB207FB73D085088BD3ABADBBD9711AABD1C2C6DBBE99056BC101E4ABE29C1BB3D965312BD2A2C863CC13AB8BC323D24BEAE8F903D0CF2D2BD34AE98BD5A05F93D42C9F53C4A4B24BE1B8C9038571F0B3E7A64253DF895053EF131D2BB2BFF7E3D39DCCBBD561F203DB830113ED9C6D03D285D003E169F15BDD2AD0BBDEB6139BD11FBF03CD6831B3DCD171ABEA687193E701D8E3DE93DC93D1859793B0FB6E43BA9009C3DC9321CBD7B7F9BBC7C73483CB39080BD3A332C3D10CE83BD675D28BDEE3C4EBD61A9DC3C253E9FBC55687EBD13A58A3DD216A4BD95502F3EA404A8BDAA9984BCF76F2B3D7404D13D83D0E83D5B2F56BC18A0CCBD4DB203BD8F86B5BC9F200CBBB8D7ADBBAD43E2BD2739093EE593073EB8BCFB3D98D73BBCAA4A943AA18BE5BD06BD0C3E1D3B933D76E6E9BD11B7EC3B4BE68EBC31FF333E128DECBDA16105BE80B550BE246AFABDDCDB2D3E3A4B54BDCE48E8BBA56ED6BB27EF083DFD9895BC083078BD27B7673DBB9E3DBEC00768BEE1D80BBEB298EBBD56ADF13D5A1139BC267E7E3D1475D73C5998453DA2282ABE4A4D4C3C8F57E83C6D9350BD7101FA3CC0A949BDD420673B72CF01BEBC978B3D55D2743D82AA603D9F8BDE3C3908253E421CD3BDB19ED4BC6FF692BC');
INSERT INTO "face_encoding" VALUES(15,'dlib-resnet-v1',X'D4DFD1BD0E63C33D7E7E973D5FA238BD562078BD9C1163BDE0F23C3A24B1DBBC6F35C43DA54805BCDDF3413E2C62E93C94CA66BE7F248CBDFE9B2F3CB660D13D51A6DBBDBE90F4BDEC0213BEC8BC02BE7F9C243D7EC1B53D51052A3DD513073D0C37D7BD29B06DBE809DBEBDF0D4A1BDC3049C3D4EA1B5BD6A50373DE2E2643DCC9BFDBDD4CF9CBC02565A3DFD69063D201B2E3B9051C3BDE761693E33C2CDBCBD2E24BECC9D6CBDB8ABEC3DAF2E8B3EEDD7813E4D49343B503CF83BAA5AB9BC6740A43D225067BEA6CF303D09B3493E5B24893D0B600A3E7CE2903D0D781BBED177B13CD8C3033E0A27DFBD1DA3FD3CFB99F93CBE94F8BD2438D9BCAF0FBFBDA29E153EAE44113D6FAA0ABEF1813CBE0412A93DB1FA3FBEC928BFBD4F18DA3DCAF521BE0785F1BD719E80BE74FD893D5E85AA3EE3A82F3EED9E3ABE8040073D4A47B3BD3A29B2BC33642C3DCD60313DCE5F83BDCCE88EBD626D09BE66AC7DBC21755A3E88D140BD06DCBFBC13CE303E205F8C3A27B3EABB00D2BEBA98C49D3DC251D2BDA752D13C0A58C2BDC2CE0E3CF999423DAF93E2BD8C4D4A3CF553C63D923C0FBE6C7D103E9CE50C3C0C260A3C424101BD38C4113C6224EBBDC6C609BD2B5D293E9F9F32BE44986B3E9A58463E6E77FABB4069033EEE4EEE3D02A6343E58371BBDE26AECBB296F81BD228AC6BDA255F93C6866AA3C94DE263D7687C63C');
INSERT INTO "face_encoding" VALUES(15,'sface-2021dec-mirrored',X'176C703D35D5873B3E84C83D5A2E9FBDFC04993DCCA0263D0E6B013ED7C009BDA47DEFBC7216B03C7FC8A63D8510473DABC4DF3D759883BD06714CBD4A24683CFC2D31BD7D9C14BEC75EA93DF7F6AFBCD0F55A3D9A61E6BCECB7E13D3B64CF3B4FA001BD97AC313EE55CCC3D85EC13BEB50559BDB48E89BCAEDC903D6E83D73D3E37253E8ABC8EBD72BEB2BDF62B7ABC1CB5183B144855BDD370843D904F913DEBA692BC4ABD89BD359F893CFF2893BD7021D7BD86D8DE3DF1997C3E4F33F3BC9415A8BD99963FBDE0ED3D3D60D18BBDF91744BDD9F03EBD38E992BCBFF47DBCF9179E3DC37BD7BD68D4B7BCA48004BD8CDDC03DA3C7AEBC153BCDBD3E71FFBD325DA1BC56A5CF3C10AE243E2D062D3DDE0EBF3DA290313E465BF73DD39DD03D5A8A57BDC3A833BC67B412BD6722E5BB1E9704BE595F4BBD491AE9BA7B0DDBBDE057A6BDC99E4CBD33EE863D7E23B13DA9422FBE27A6F93D5B1B16BDCF484FBD5E64153DEFB297BB1FF1FBBC7D8F27BDC75D5A3E190C283E4BB41EBD658F153DB3D291BD8E3400BE6D86FDBD82C9E73D63F6953DE34C0ABDAF47573D856246BE830C953DD4E8AE3CCA53AEBCF00E573ECC4F82BDBB3B783DEC36033EAA913FBDA816EA3DDCC128BE6657E53C9224443DE70794BDC38F093E3A802CBD340D5CBB9582D8BDBDA9033DF8079ABD5158DD3DFA4F253EE073423D7B59F1BAF8A8A43D');
INSERT INTO "face_encoding" VALUES(16,'dlib-resnet-v1',X'1E36A6BA3FDB383ED5E8B53D086200BD8E000BBE3A68213DF20F01BD24C3A4BDE9F8543D6F2668BD5F46783EA7E767BD965E82BEDF9C53BDCDA3743D3979013E417917BE0FAC8EBD50444EBE186382BD837B83BC36AC28BDBB90C03C28688CBDBAC153BE77A270BE858E4CBDC5ABD0BDF605EEBC81E926BEF2599C3D2DEEFFBC16EF12BEB8004EBDAB3C3BBDD7D6DCBCD1D392BC746761BD96F9043E608AE63C5B8233BEE22A063EF61E9E3B3550603E0671963E08C32BBBB0DF3E3DA3F2BABD21DE0B3E31E576BEB069653D67E40F3DBFD72A3E385F703DF50B0F3E45DF91BDA483CB3CE2A9423E34EB4FBE20A0233D4C1E4E3DEFF96FBD2DE30A3D4AB836BD2BFF003E66E2EB3DA0C10EBC9D57BDBD47F7483E2FAFC9BD1118EBBDBE67E33CC39F82BD075C01BE84E7ABBE38E2173B9D1F8A3EE8920D3E5FD698BE7B349FBD85DE39BD912AF93B088D143D00E8D93B4AF719BD78150DBEB5406FBDD9927DBCF9557A3E8EBCE0BDD9F0093C4BB8653E23DA453DFAD013BE5FAC733DCC910FBDC3C3F2BDD0C257BC8329ECBD852B49BD26F2C1BC866821BE4E7BDDBC05BF863DC63384BE96F02A3ED23C87BC5F3AA2BDD5B378BD8E0829BD2B485D3CEF3D813DBE406B3E8E6080BE487C4F3ED736693ED0E570BD53FEA03D7D69373C8F24823D48F02ABD1ABC0E3D7380ACBDCB7704BEE83258BB1405BEBCF92A1D3CFA5C8E3D');
INSERT INTO "face_encoding" VALUES(16,'sface-2021dec-mirrored',X'E54CA4BC80C3043E6E75133D9C7ECE3DB7E08E3B60EBAB3D6A398CBDF28CF83C398AB2BD0A049FBC21C0DF3C3DC2313E33992A3D5D88863D6C55523D561FC6BDE5419F3BEC89DB3D7BEBABBDE6C75D3DF82C12BD5E617BBDBAA8B23D56ACAEBCA94E4F3D96FF9B3DB88465BEAB49C2BD8DDBD53D866460BD284EADBDC8810FBD922BAEBC05A07BBDB77B393EBA74203DFB07C7BDBE4C90BD4ECA7CBC920C0B3E464303BED22703BE39942CBC9A3F6ABD040D963C9E607CBC61FCB83DE2C771BD9D09EA3D79C657BB0CF912BEB92AC13D433FB0BCDA0F44BAA8DA28BC5C9D73BCDC5AF43B3CB159BDEDCAAF3D63DD913D07B689BD8204B23D3648E1BDA612833D2A5E913CC26851BDCE9919BEFF612FBC45C4CA3DE20FC33CC56C133D62CCCF3D8088FF3CF648B13D49B5D5BD685E44BC118254BEF0AE083EB981F8BD8B72F5BD86C6983C01C9D13CD7FA76BDD5E1DBBCFB74D6BD7512313ECB93373D11FFA2BD646A12BCC5A9C0BD260A0ABD75CF7D3DE47E2E3DC963C0BD965F23BD1A8663BDCE54033DCCFFD93DD0F14FBDF8A241BD2060F5BDEE0642BD0B3D093DD9402CBE1BCACD3C500AC8BDCE6D70BD0D3CFDBDFE078D3D44592DBE40FB5A3C5452E63CDF8500BE51E6003D363BAB3DAF3BC43DDD1F07BD380B10BEA8C93E3E2AD7953DD251AC3DF836013E73387C3D3ED865BE92466B3DBB1A01BE4015D5BDB0F933BD');
CREATE TABLE face_look (
	id INTEGER NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	x1 INTEGER NOT NULL, 
	y1 INTEGER NOT NULL, 
	x2 INTEGER NOT NULL, 
	y2 INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	taken_back BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "face_look" VALUES(1,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',607,510,641,557,'2026-06-03 15:36:12.250000','ed.press','communications',0);
INSERT INTO "face_look" VALUES(2,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',752,477,783,516,'2026-06-03 15:36:12.250000','ed.press','communications',0);
INSERT INTO "face_look" VALUES(3,'76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',607,510,641,557,'2026-06-03 15:36:49.250000','ed.press','communications',1);
CREATE TABLE face_token (
	id INTEGER NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "face_token" VALUES(1,'dcf27042efaa4d1ba374821d8f508e74');
INSERT INTO "face_token" VALUES(2,'e7cb225543684b959480485e1503a658');
INSERT INTO "face_token" VALUES(3,'061c9be97445458f8d9faaf0ce12a6b1');
INSERT INTO "face_token" VALUES(4,'31a0fb569d714b68800597dea4f037b2');
INSERT INTO "face_token" VALUES(5,'083daa3c68b34156a41d4478046eb860');
INSERT INTO "face_token" VALUES(6,'c5545fe896c84f7d936a02cc74ba94c8');
CREATE TABLE job (
	id VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	request JSON NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	message VARCHAR NOT NULL, 
	result JSON, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "job" VALUES('j1','check','done','{"use": "x"}',3,3,'','{"ok": 1}','2026-06-03 16:31:42.250000','2026-06-03 16:31:42.250000');
INSERT INTO "job" VALUES('j2','check','failed','{}',0,3,'It died.','null','2026-06-03 16:32:19.250000','2026-06-03 16:32:19.250000');
CREATE TABLE kept_event (
	photo_sha256 VARCHAR(64) NOT NULL, 
	event_id VARCHAR NOT NULL, 
	PRIMARY KEY (photo_sha256, event_id), 
	FOREIGN KEY(event_id) REFERENCES event (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "kept_event" VALUES('6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71','3300bd289374491980be39e20653c586');
CREATE TABLE local_features (
	photo_sha256 VARCHAR(64) NOT NULL, 
	method VARCHAR(32) NOT NULL, 
	points BLOB NOT NULL, 
	descriptors BLOB NOT NULL, 
	PRIMARY KEY (photo_sha256), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "local_features" VALUES('b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','rootsift-256-v1',X'E585A544AA7E4544E585A544AA7E4544105AA2442B4C3044151AA244272D2A449DF49E440447B2429DF49E440447B242FB899E44B4BF51442174B942AEBE5A42',X'5110000000000D403200000000093F671D0D0910282B584B4741090D12121823671A00000000123D672209121D18236020141233673229321851161E300900006116000000001D5867301221211B2158221A123F6748211A0920090D2D23000067160000000009456714000009293C671B0900001E5C43320000000009140000001B090000000000145352473310000009142C67671A00000000003367310000293009000014090067512C1F281F123121141B4B6747121B000012506125000030100000004B2216673C222C1E161425211E215D673409100000093267310000120909123355160D2D2C4A46281A0D10090D3B672C000000000010494B140000170D000000192A0A542A0000000D132C581300000000397120000011191D5271000000000025461567240000002B413171442417000022682E243350251B313C15000000001371602D000000001E71676A28190D00003F711B1924250000151E320000000017436B000000000A285D3200000000000A2C340000000000001115381B000000000D30260A000000002A724F000000000A36724100000A1D11153F5A280000001D201E722B110D00003C722D151D3B2E2E6A720D0000223027222145130000002B6D4572432715000A316F382E41551D0D172700000A28190A19190A000000001972492C0D0A0000004263110A0D0A0000192200000000000013153400000D300A00137400000A1D000025320000226C0000110000000D2C00000047110A0A473C132E74381E2031000038451E1E4D740A001100000013430A0000212E493574430D195174742B150000171931746A530D0A000000201B210A00001E15262A7437000D3E2E401117131B31110D421D0A1B33220000150A0000130D000019170E00130E0A1931271E113B212A131324412B4B1974670000110E2A261D0A0A000000242451130E0A152D746F17000011516B742F6E5C131D29213D2C351500000000000A7431000036221E353F0E001174491E1B3734111E56150000210A00000000000074220000210A00002E0E00006B200000200A00003611000000001D290A00000A0A0010270A002A31000A0D0D0A0052610A00000A0A3E6E3E2C0010220A00001D6A0D000A00004E72300D00000A15727220100015495C5551411510130000000D723E00000A0A173A5B2F101730192D301D2619525F130A1038130D0000000025722000000000004857170D2C3B0D0019000D107053000000000000000000000009000000150000001A0000001300000013000000170000000000000028090000440000096E2500136E19000D6E190019650D00096E24091700002321211000003A1931536E3813206E594F395B24102A5328353A6E38203000001317273815000915253F54653A192B38471F1A343F373B192D1F233D4563');
INSERT INTO "local_features" VALUES('4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3','rootsift-256-v1',X'00C6D54129C86A4414202544F95D784438682A4481242544CA7E23445D1E5544BE1EC344FB455244BE1EC344FB45524426E020423C4F6944A5772242E41B5544',X'001F3853240900002F51352A140000001E200D4164090000000000445C141C0F191B2E524062160F64492B3120241426381C0D596409090D1B0F002B4A1628350F00000D4C641E125629223E3755212A201F2464520000091F3518242000091600000950513A000009090F645D330900000D185B1E000000001C140F00000000000000000911190909000000151D0F150C00000000193433000000000C302A0F0000000F173D5D2B2A0900133C5D3E285D1C09091C3A465D1E0C0911505D3924091A575D2226471E27152A5D573F1F115D5D392A271D19221F2C3C5C5D2E0C0F00114D3F090900002B0C1F340C091927362B28170C3C5D3F09112A36174D5A15421E3B5D1B00002D251E484A080C202134102428081B32234F211008000C23324725375D230000145D311E1808142E4B30170E1C284648354232271012161C31451D2120000023415D4C18100C16325D2C2A243F2D353034261C1817161A2A432D37140000003E5D34311224281D445D121621373B3A352E182129180C0E162D0000000A120A00002200000A0A000028380000000A1242820A0000004D4D574A0000000E1B0A0000600E0A150E00002682000000281B22783100000A8242293700000015220000006D1B001215000012824000002E150020411700008243000E0000000A200E0A00482400000A0A0A1582690000170E0000483400007E520000285A4309000000004F4115000012372F120000000027602E090000000012343C5A452B12000000006F4F0D0009122A4E3D2112163856573E000000092A382E153953180D000000166F6F2709090909264F6F3834421E0D1A000009223E1500002118090000000D3C6B440D000000096F693B0D1A240000510900001A260000002A24270D0000002056370D00000009584D2000000D2E2A53090D000010391C0D5620090000001A2D6E1E00090909276E2F0D0916365A556E00000000285E320946160000000958506E421C1809092F6E3F2B2A52452A1A2A0000002239361D002500090D00005A6E37121C2A000040611810243E0D00000D00000018100900000C091917170C3553090909201E2065463F0C091511145B59220000000000655509000032280C3965261C23653D1D2E2E652D1E31150C11434E0C000009112B430000002B4B2D1A26220C0C3B46435F2D65310C0F091A3F415B350C0F110F0F17090000001E372A1C09000000203A53314F3100002735271751410C0C09090000292621000000091B72481B000000093F56351500090D24400D242E31331E1C133009000000000029721F000000091B724F13001734313F5F00000033632719101E0900000000000D72700D0009090926595D323544281019000010486C2B090000000000000000004E6C13000000000043724F290D0000092127263630352B19');
INSERT INTO "local_features" VALUES('90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','rootsift-256-v1',X'8ACFAD4374C383439188ED40579F75438C311244F43606438C311244F43606434ACC3D41A74883438C311244F43606438337F3431426AA43EEB4EF43E96DB643',X'192842251F1B190D2C14120D161F2E28200000000925663F321412160D275B4B3C28160D241600166624090000000920660F000000124F662709090F256466392A360F18230F0009664009000000000966661B0000000D2D36443B44392D2120202E272E140D0000454C190000001B2666661B000000252A443D2F3D34160D1919090D261818536010101B58120D2D37160916460000001809000000000000101B102C522309091C23162467410000096726284710000052280D16190D0009370019315835000000442519675800000D675D2F231000093930323B230D092043000D1853510900004D14124F480D094665270D090000106725120D192D1E3C674C50200C00000C203519143133362D2D413B1D2F2E290C133B3D1818281808115E471F1A140000264A2F3F5E4E190E185E423E4F240E001C57312D1E131308255E2711131C08003C37211A375E3E1E215E291819262A234F332A4A3722190C18385D200800000014283B2118231D1A2A2208000019212858080008113B32131800080C1131443D0E1A281C0E1327462E0E1E0E002C5D32142F2200002350231C00192122552A08002050482D423A16135B5D2E0C0E593125240E0008195D5D272E2D2A11252A212F2318110E2B5D462C5D441F0E0C33323E2F2F322D2E3A24133D110C00081122531E1114081D573826221E18080E49521F0E2A31161333140000000033672A0000370000336C2815306C090000120D126C3A100D1541100D360000000D636A0900510D0012526C25336C38090D1A211D6124170D2052231225100900002A68100027090000186C46216C4515151036424427271C3A380D000D15120D152A2C0000000000122B4128091A09101217233028100912263217000D3D2A11130808161821212D5418000008211C21352B32181608000011335C190C1D11081A372C532F252323535C261A1A5C362027311E1C391D0000435C2B13141313082E57302316230C00245C3C44524B130C1D502B475C1400003A5C34181A24130C18463A1418342E11163A2C1C332C2E2B32411E19300800001C52522113111C22150C171721241C111109113F4B231D0C00001E4A3A0C1A1F000019331A3D36221F1519153164420F00151F5E642309000F4F5D643900000C13242F3F112E30262E131164556446191A2A1342643F1313336435191A00000C153024330F150C1C130911644C2D1E262B24193C411C1521544315090C1F0F0C13131D2826495C1F19151108081F42562F150C080C223A42231B1B080C110F0800182F1F0C5C531118351D0C0C4439322B404013135C43240C161B16312C080000083931295A500C11462E0C0C505A2722444116185C390C0F26231834412F1B1D243D29262A380C0F4F400C0C5C581C1318150C195444110C0C0811253E4B261C0F08081C');
INSERT INTO "local_features" VALUES('76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64','rootsift-256-v1',X'4F432E42128E0E441F564042E61FE7431F564042E61FE74381844D423D9A9E43E42374425829184452B79842A65FF643350DB342C7D90044687AC242B1B0AC43',X'11000000730E0000420000002A0A00001C0000001E0A000000000000250E000021000014891C000089110A0E5B0E00113D0E1C2C3418000A0E0A1F2841240A0A160000118965211667180E1E503F38402A143A5B370E0A0E14164A481A0A00000000114889681F0A1114263A4E4F3D240A000E255A3D1C0A160A141E1826311A5C33090000001F5C5C340F265C3E09211B17292F53451B313D26170900001A5C463E1300000C1B505C4F090030470F2E2D1A0909425C39433E3B0909110F205C2826130C15242A505C4C0C0911180F3B303B0C155C510C0F2F530F1332230009183D201A3F430C0F2D4E0F0000000009212D000023200000090C000017150000000000134D1509094000000C34110F30250000133A0000180900000C2D090000111753484B1A0C0C5E2C22283B1A184A330C18415E15092313001C2052310F1534265E45181A131E5E442C34310C09352313365E5D15000C252252342518090F2800090F1134574159090C4C400F24590F004D5E571A00094027493823110009270F0000120A000A3137120000000000352D0A000000000017000000000000004C2C15121D170F196B8556120A0F0F19858527000000001D4A1700000000000A5230221F0F000F1D7F36240F0A173E6285310F000000156B51000000000000176338271700000F15855315000000122D853700000000002D440000000000000A2534290A0A0A181144290A0024282A447F18000A1F0E186E3B00002A7F00001E311E110A0E0A2A3A5E4E2E22250A142B7F571411290000333A0E00317F00000E250A000A250E242E6D1C0E22560E0E1F7F1F0A1131000037370000317F00000E16000000140000003B00000E2C0000116E00000A1E00001F1A00001C5C00000A390C1B26321100130C001D2853240C0C520C0813361B1336250000154A1500162913485B330C08111F225B58260F08085B452E31270C0822221324514811000C080018335B4222082D132B2E20353F2F5B23132D32111C4E1B082950581F000C150C291F29503B080F162B08002E5B3229131142581636460800435B550C0000235B693E311210192543585C42231B162C514629221E3229714B230D1000102F231F1B19432C2E43352A2B1C1B1F1F38522C19090916364571120012230918711F0000092B1C1B36190D0D101F2A2E35692909091612293E7127001F38000045120000000D000009140000000D090D183E090009190D10207109001B32000035150E1E171B170A114C2E241513130E1D515B56221715111D7454190000000020251D2722170E00006222110E111B252E64191111152B4C5E7413000000000E5E39263D260E00000074361D0A00000E1974482B0E0000213174250000000000313F15170A0A1B33216A1B13150A0A0E2074321D1D0E0A0A15741700000000001E');
INSERT INTO "local_features" VALUES('1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3','rootsift-256-v1',X'D58A334104B87B43E6631D44698E3B43E6631D44698E3B433949374172160D433949374172160D4339B43D41689A45431A0F1C4438DA4643F496624109152143',X'3C0D00092A2E243B0D00000F6747191C1C000009281C366700000000000023304C2C0F1C353B2639370D001E6759182667210009261924672D14000000001B3A5E4A233B31090000332C195F6712000067673D1C24000018263D2E000000000D4C3F1B252B1209180D1C1842671F090F20543919240D16360D2526000000141C150D0920300D09101D090029601D10283600000D2610426B09000000000026272B0000122C2D2D4B48090009476B35396B2A000010252463200D00000000121E550000001A2C356B33090918636B42446B3D221A333C1C271510000000000000643317221A121546251A1A6B6B2F0D1D0D2032504D120000000000000000000000000000000000000000001218100000090000121E2F40420000000009166868001224281000000020162C68420D0000682A264529222B683A18334222164B68093E683E0900000D461E5A6823000030685049330900002C2E2F686109000016101A351200001A4C2610211609001E5E2D243723000012321212362F00000D331824415E3C0C090F531F172B2E17325933181A3F301A545C0C0C255E571D261745375434000000175E3C201D170C11553221295E541111271F17175650212F2D331D0900000000095855412A1109091A1A254E5E43090925412C1D341E11295500000000000000000009130F000000001D001F2409000029320000171D1B295800000000140900090900000000090D1400000000091B0D0900000000000D0D092E090D36651B09265C19000D16293F65140F000F4F654528190000002D433F463916163A4946242865380F1416191F462D1F0D22656527244E1F0D1740432A4C3629295B301D0D0D653D2022090D0F2734191F655934171F52361C4A3D1900142E1C0B1C0B0000001515101508000000000000080000000000000000000000005548282115233337343E4F5629291815562A1B35150B0B26231712372E0000103A50402319263332352B4B463E44272D563C262F261F21562F1F2256512010321922322A3F4E3F29412D3E272327404A4B3D433E2B2728314C2036422E180E333F2F0000090000126937090000090F49441F162B5D39163549310D1B452C0909450900000000002B692E0D0D16222769381D1430694B2B344B28001D56290909230000000000001769553D20212117362A3E656269250D0F3225172C391409090000000000000000090D1C2A3F2F140F2038464A52260900383417120900090D341C11215344214030160C24554C20433E251C171D32365A0E0C142639552C213A3A1E225A3A11292D291F235A4E1C24544E392920232741140E203E4D5A2D1F415A3C2D33280E132A1D264C5A3A080C5A3B0E13221A1C34271900004050231E0C3F301A08000000080E1A2B1F00000017130008080000000808000000000000');
INSERT INTO "local_features" VALUES('fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86','rootsift-256-v1',X'77B8AD4349CCFE43B63E3A4460E85444B63E3A4460E85444F2C71244268E4D4465BF11441F0B4A44BA404B4484C65444FE4A0844B2134F4462820044C5A44744',X'1E3B48200F09000D424E180D12181619120F191418382E0F0025240000201C002F30361B0D091614664D1200001223363C2009000050572C0009000000564F0024090000091B6666665612000040663C46661B000027372C1618000000403D124514090009214E6612140909095B66262C23090D0D2E663D140D000914243B25090C2D4449361A095417000F1A0C0940511A09092333385E140F251A2D2D14110909292F142C24006139000C090F0023614B00094A311936170C090C61370C0F09001125404D2B155F0F00091A1C0C6161150949471100611A0C0C445A190C1515002434290F213B5821201D0F090F613217256133000039321D0F3F2400000C22120C122D32150C633A0000000C1C4B38270F1229553337150C0F142232140C1514153B391E12006363000009090C1463630009444D1519150C0912504B090C00000C14193F481963260000142915396329093247190046211A0C446320000C0909243B39362B1A5F1509172A220C48632A29463700003612150C3B4915000057351A090000002851201E0C00000C482E001417090029630C09221E42291E2B565F1C0000000000633D20190000003A431E3763220012352A3B58451414091463480000000000126356322909091224232D3A632712293740222030120915586332000000000012564E120C00091E2D233314150C12424B0F120C14241A2440090F0F0C0F115E37110C0C343A2C5E1E1E090C23305E452400000000115E4A0C1A2C311C1B091A173723153C5E2B13185E230C1E2F4D3B411C0900093C5E3B1F341F150C0F0C090C3C1A0C093F493C335E21130F2A29335D201109295E3D0C13242A201309000000353B2C311A0F1F171B5B4837250C1721183221525909090F36631C000000000074721A0930310909311A091E74520909293C12182C1009174E1800000D2A1A1874370D2036000026451A10417417000915380D153E1D00004909001D3D3A1525744D31311C00002B262630575C2700000910101A2C3D000033000D2D2409004B49211D26000000470D103256100D000900004842171200000F0815632E00000C1B081361370F1616182B2E3A3421311C3A4F260F131C251837182A63150C08243A15194A41240C23631B13291C37554B381B000C0C4363423C471D1D1613081B3C410C1138511C1B633F0808152C222B352C0C263B2F3318163113112A2E0C0F2E61110F1D1D080846591C131B11080C2D5B2E13302B00081A0F4A4238311111471F1B1F221B0F256D0F0C0C110F004A510000174415092D181B251E1C444E2047201C283B2239296D2011171709002F510C18363A15091A1F25412D0F111F1B391326293B30312D6D611A1A1A181A273A3B336742000000330C21230000093E270F0C09272D1C36316927132C300F09134840582D000000');
INSERT INTO "local_features" VALUES('6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71','rootsift-256-v1',X'153102437F3C1B44FD8EC5427AAA2A440013A444846B1C4370099844742C1C4370099844742C1C4370099844742C1C43FAE3134300F21E4415A31643B0D51D44',X'310A00000A1B0A177F000000000A0031730000000000001D0E0000000000000A3C0E0000002529197F12000000000A327C0E00000000001D120000000000000E27000000007F7F1D7F2200000042615274200E0000000A230E0E12000000000A000A4A4F2374650A31124241235564412E27542000001225001E560E000000001500000000000D1731090000000009103F0D00000000000D10000000000000000D00000000206E2F681F0000003363356E3F000000001C374A2009000000000D3738000012336E3E3617090020576E4A6E4C3F00000D3161395E4C00000000093B6E290009201F1C215E3A12254F3A172D3C4A172832241D40543A0000000D1500524E190F11080808255B3F08080C0F15415B1911110C082540280000000000153F332047281615512D47371D25223C4E383F2E5243222A5B3A16080F08001D110800084550421847432C2E34351B195B282B59451B11335B0F0808080000320000000031512800080F0C0F33534B1539080C161C1E4A5B430000000000084300454D1B0000000000195649080808081A2B5257140E0800224A491A000000002154462D231108114A2D4F421D29263A3B202C415052262742382929230E081423140C0E262F4E45523F29271D3B48293120254B512D4433330C00132D2C3A34000000000021542F080E0C08083F571308080C11111B572F08000000002557290000333A0000080008115847080C0E0C001B584C16110C0017224B551B0C0000192050582D130008563044442A2F2938191E43304C522C262A2A1E26293233223027171A372F16194858301E3C32132D23352E3042283058130000000E3958521B080000143F42322C170C08224549523011080000002C5800000000000C2830253E3C2B13000016195156260E000C170E564F0800080E1108381B0000080800220E0E34361F1F2E4A2A2D3B29162A5623563230473230361B56561E13000008170808294A454224563729312323563B19252950483547162C2B372D2924172600000000163D4C2408080808002A56250000080C2E56560C17000008294D392C0000150D000000000000241F2313000000091915453F090000001B19223B28000000634E00000000282D715F09000000604041212442232D100029283C5A221309096F54000000006329593E0000001371291C1E17321C3F2809104D6070191B1309170D0000000D6A0D0D0900000017712215492A0000211B101E71481000000000150E00000000000A29231E0E00000A131D13403D0E0000001511203E2A0000006652000000002C2F7668000000006F4743202043213015002D203E631E180A0A6E530000000A66235340000000187623180E0A2E1B4630000E2145761B1E0E0A1311000000116D0A0A0E0000001B76130E2B110A002D2B0E1D763826000A');
INSERT INTO "local_features" VALUES('0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6','rootsift-256-v1',X'B5125844D45C5544F545F74391DF72428BA3804135D7B343699D2B44851E47449E7B8341928F49439E7B8341928F4943234687412C258D439F1F2A44D7A44244',X'0000000000000000180000000D12000D67090000090F14554A0D142B120038670912090D090000002E140F33662E09146731272B361F09424E2B67671400142B493009091B19000D55300F29674914196748323D382E141B181F3B67260900004C2B00005356090D52412D303D3C1418160F1835332A121412090D211C0D263800000F0F00002315090F21613A2D57231A1C1A47473F41130C151A2D3830361900000F231A09000024262E63631D0009634C2D492E24171E261311215558241D0000000C1E1500002A0F092A63631A1E633C1E15333F1E3A2E28252B633113190000000009090900090000194F54150C26423A1E56470F0F1140541F2C1C130F3A0D00092B2F243C0D00000F6748191E1C000009271C366700000000000023314B2C0F1B363B2639370D001C6759182567210009251824672E14000000001B3B5E4A233932090000332C195D6712000067673D1C23000018273E2F000000000D4C3F1B252B1209160D1B1943671E090D2054391B240D16340D2726000000141C090900000912241C5814000000172A2F622A0009162A38491E16090C24444F2B491E0000002142504D19000017625633623E090F20221721362B0C1E4417090C62620C00001614204C4B00003662262362140000203B2144350F0009323F19244A580000000F0C095E6200001C2212145617000014211C362F12000F2E2A0F171826435F3909090F531E172D2E17325834181A3E2E1A555D0C0C255F551E281844375232000000185F3B201D170C11563221285F521111281E17175950212E2B321B0900000000095855422A1109091A1A254E5F42090925402C1D341D112A5400000000000000000009130F000000001D001F240900002C300000171D1D2A5900000000140900090900000000090D1400000000091B0D0900000000000D0D092E090D37651909265D19000D16293F65140F000D4F654528190000002D433E463916163A4945242865380F1416191F462D1F0D22656526234E1F0D1740432A4C3529295A301D0D0D653D2022090D0F2734191F655934161F53371C4B3D190014301D0B1C0B0000001715101708000000000000080000000000000000000000005647282015243337343E505629291815562B1B35150B0B26231714382D0000103A51402319273332352A4B463E45272D563D262E251F22562D202356502010311822322A3F4E3E28412D3F27222540494B3E433D2A2627314B2037422F180E32151500000900000D0D09000017152C1D150D000017252B154A0000000D1320572E361000000000196317000015305166290000004C6F51356F0900001A24105A403E1300091300096F4400002A1F152E4B1A00096F5E1D336F0900102C261563371A0000132309096F3E000D1C0900094D20091C622D173647000009291F195B');
INSERT INTO "local_features" VALUES('3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c','rootsift-256-v1',X'8B1CF741274A8E4413906D44B28DF844B8E40842241A4044456B6B44CFAC9944685016429A8ACE4423844B42C2875444D37D4E420C6546446C4C5042E9913B44',X'0000001A361A00000A0A0A1F524C0A000A0A000A627A0E0A0000000A5A60000000000021340A00002B180E30541E0A0E4E180A0E4B7A28290A000000757A110A0000000028160000300A000A51350A117A220000214D222E310E00005F7A221C0000000A140000001C110016471400007A4100001C110A0E57260000387A18163200000000000015821C00000000002282440000000000003018000000000000330000000000152D7C1E00000000184A8252000000000B37281C000000000000120000000000826730000000000082826115000000004382150B00000000000F000000000012824A00000000002C824A00000000002B6C300000000000000B003D16000000000B1F92410000000000348F300000000B0B1F0B000000000B0B004B281300000000339238000000000067921D000000000B420B00000000000B0B45302B000000102F92580B00000000449233000000000B23100B000000000B0B45160B0000001B4392160000000000627E1B0000000000300B130B0000000000290000000000001438000000000000250A0000000000000E0000000000000000691700000A00001B8A290000000A235C430A000000435E430A000000002B3F296620000A0A00000A8A480000000014437D1B0000004657470E00000A1241562E5B0A0000000000318A19000000000E85671D0E00003A545E0A0A00000E4B5917300000000000001472000000000023552B0000000000433B0000000000000000520A00000000002E832B0E0000005A832B1D2514001283680000000000001400642200000000001283832B0000001B4545566522000E36300000140A00000A004F1400000000000A83310A0000000E4E531F190000004E6700000000000020143126000000000000704D0000000000007C4B000000001F3C1D190E0000003A2E222E1B00000000006B5E2B000000000A873F0A0000002B5C3A00000000005E480E172B0A0000000E7C3226000000001F8757000000000A265A280000000A292312000A0000000A234833000000000023878700000000000A6563000000000A000B0B0F00000013226E130B000000004D8F0F000000000B843B000000001D2C3D18160000000016248F2E000000000B2B8F4E000000000037491A00000013131622200B000000001E882C0B000000004C8F310000000000604B13000000000B1E1318250000000B187D44220000000B308F4C0000000000314116000000000B131A20000000000B187225000000000B38953F00000000004845180000000B0B151A1A220000000B1C814A2A0000000037955A0000000000464A18000000000F1A0F0F1C0000002A2A7E271A0000001E5D953300000000005E4E200B0000000015181C1E000000131A8233180000000B31951C000000000048370B000000000F1E');
CREATE TABLE override (
	id VARCHAR(32) NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	publication VARCHAR, 
	lifts JSON NOT NULL, 
	reason VARCHAR NOT NULL, 
	expires_on DATE NOT NULL, 
	needs_second BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "override" VALUES('1cda434019274bf9a8259079d23356f1','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','instagram',NULL,'[["exact", "R-0001"], ["face", "R-0001"], ["face", "R-0002"], ["near_duplicate", "R-0002"], ["no_public_space Author talk", null]]','Public event.','2026-06-20',1,'2026-06-03 15:41:08.250000','eve.director','director');
INSERT INTO "override" VALUES('0d507e4c8e124876a2da131a27d8b85f','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','instagram',NULL,'[["exact", "R-0001"], ["face", "R-0001"], ["face", "R-0002"], ["near_duplicate", "R-0002"], ["no_public_space Author talk", null]]','A public figure.','2026-06-20',1,'2026-06-03 15:46:41.250000','eve.director','director');
INSERT INTO "override" VALUES('976048fcec024c728bfa29f72c098987','fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86','newsletter','Summer 2026','[["face", "R-0002"], ["near_duplicate in review", "R-0001"], ["no_public_space Author talk", null], ["verbal_consent_missing 1190,362,1405,649", null], ["verbal_consent_missing 365,339,515,526", null]]','Asked.','2026-06-09',1,'2026-06-03 15:51:37.250000','eve.director','director');
CREATE TABLE override_step (
	id INTEGER NOT NULL, 
	override_id VARCHAR(32) NOT NULL, 
	step VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	reason VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(override_id) REFERENCES override (id)
);
INSERT INTO "override_step" VALUES(1,'1cda434019274bf9a8259079d23356f1','withdrawn','2026-06-03 15:42:22.250000','eve.director','director','A slip.');
INSERT INTO "override_step" VALUES(2,'976048fcec024c728bfa29f72c098987','seconded','2026-06-03 15:52:51.250000','dee.director','director','');
CREATE TABLE person (
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "person" VALUES('7d07e598bfb141318fd709e5f0113cd6','2026-06-03 14:37:00.250000');
INSERT INTO "person" VALUES('c58ae40109204df98935636095f97f2a','2026-06-03 14:59:49.250000');
INSERT INTO "person" VALUES('ca7365f2ca6d4420aa32a220716bd83b','2026-06-03 15:13:23.250000');
INSERT INTO "person" VALUES('c2b447756a774942ac82d0793a599962','2026-06-03 15:14:37.250000');
CREATE TABLE person_event (
	id INTEGER NOT NULL, 
	person_id VARCHAR(32) NOT NULL, 
	place INTEGER NOT NULL, 
	step VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	name VARCHAR, 
	facts JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	UNIQUE (person_id, place)
);
INSERT INTO "person_event" VALUES(1,'7d07e598bfb141318fd709e5f0113cd6',1,'entered','2026-06-03 14:37:00.250000','ann.desk','desk','Zebulon Quirk','{"minor": false, "birth_year": null, "guardian": null}');
INSERT INTO "person_event" VALUES(2,'c58ae40109204df98935636095f97f2a',1,'entered','2026-06-03 14:59:49.250000','ann.desk','desk','Wilhelmina Quirk','{"minor": true, "birth_year": 2015, "guardian": "W. Quirk"}');
INSERT INTO "person_event" VALUES(3,'ca7365f2ca6d4420aa32a220716bd83b',1,'entered','2026-06-03 15:13:23.250000','ann.desk','desk','A. Reader','{"minor": false, "birth_year": null, "guardian": null}');
INSERT INTO "person_event" VALUES(4,'c2b447756a774942ac82d0793a599962',1,'entered','2026-06-03 15:14:37.250000','ann.desk','desk','Zeb Quirk','{"minor": false, "birth_year": null, "guardian": null}');
INSERT INTO "person_event" VALUES(5,'c2b447756a774942ac82d0793a599962',2,'merged','2026-06-03 15:23:52.250000','rex.records','records','Zeb Quirk','{"minor": false, "birth_year": null, "guardian": null, "merged_into": "7d07e598bfb141318fd709e5f0113cd6"}');
INSERT INTO "person_event" VALUES(6,'c2b447756a774942ac82d0793a599962',3,'unmerged','2026-06-03 15:25:06.250000','rex.records','records','Zeb Quirk','{"minor": false, "birth_year": null, "guardian": null, "merged_into": null}');
INSERT INTO "person_event" VALUES(7,'ca7365f2ca6d4420aa32a220716bd83b',2,'merged','2026-06-03 15:26:20.250000','rex.records','records','A. Reader','{"minor": false, "birth_year": null, "guardian": null, "merged_into": "7d07e598bfb141318fd709e5f0113cd6"}');
CREATE TABLE photo (
	sha256 VARCHAR(64) NOT NULL, 
	byte_size INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	image_format VARCHAR(16) NOT NULL, 
	pdq BLOB NOT NULL, 
	pdq_quality INTEGER NOT NULL, 
	phash BLOB NOT NULL, 
	dhash BLOB NOT NULL, 
	trimmed JSON, 
	taken_at DATETIME, 
	camera VARCHAR, 
	has_gps BOOLEAN NOT NULL, 
	orientation INTEGER NOT NULL, 
	indexed_at DATETIME NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "photo" VALUES('b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b',198007,1346,1000,'JPEG',X'507ECBC743C32345F2DA487C3C1BB669A8B94D19E5E1D4CB143CF4B3047C5A5C',100,X'E09D1F669EC942CC',X'64AE8E9985C58D99','null','2026-05-14 22:34:10.000000','Sample Library camera',0,1,'2026-06-03 14:01:14.250000');
INSERT INTO "photo" VALUES('4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3',226073,1600,1067,'JPEG',X'69ED0E11795E903947875882E27D90BE1F43C7AD60DC2FE31F8460E84387F5F4',100,X'F197708B80E39D5A',X'D42A2A9232528396','null','2026-05-14 22:47:02.000000','Sample Library camera',0,1,'2026-06-03 14:02:28.250000');
INSERT INTO "photo" VALUES('90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa',64628,600,400,'JPEG',X'04629E769E66365CB983B8668827F27C21A779E61E36E1F8C79927E27C8299E0',100,X'BB8320376C0F3637',X'F3E96933160B1B36','null','2026-05-14 23:15:20.000000','Sample Library camera',0,1,'2026-06-03 14:02:28.250000');
INSERT INTO "photo" VALUES('76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64',77219,1600,1067,'JPEG',X'E68670A59D498F5DCE7C3921F892E6962B2C0D69D55B70A523862196CC7C9E79',100,X'C8CB9FB430434DCB',X'B268E1B096966800','{"pdq": "2e21c4f619b666a3f4c71979865e62a6709267962b6ddd4970a5238684d6de79", "pdq_quality": 100, "phash": "c8dfb53044c91bb5", "dhash": "b268e1f094949696"}','2026-05-14 22:58:31.000000','Sample Library camera',0,1,'2026-06-03 14:02:28.250000');
INSERT INTO "photo" VALUES('1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3',35160,637,796,'JPEG',X'AEAC10C9FE8A41FF004BFF147BE9035FE937DB288A1C35F42A0BE9B64D600B4C',100,X'DF9883B668971C8A',X'6971703333254D03','null',NULL,NULL,0,1,'2026-06-03 14:02:28.250000');
INSERT INTO "photo" VALUES('fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86',214812,1600,1067,'JPEG',X'71399C9C4E6BF991CA4E2790D9E7F7621AB10C1ED652A9E3A7660E0928A3A37C',100,X'E19F62C832E3A53C',X'4B4C5E5CBBB3D394','null','2026-05-14 23:40:55.000000','Sample Library camera',0,1,'2026-06-03 14:02:28.250000');
INSERT INTO "photo" VALUES('6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71',136312,1400,933,'JPEG',X'416636131F0FCCF0F2FBBD2430D97F0D2604D263C1B63C98D27E27E64C89A3E5',100,X'A6D348B23F88B663',X'51896D6D4D6CB6A7','{"pdq": "90fcc6d8406636133f0f8da4c2db8f2690f2d9d92d9c3e49e3672785cc89a3e5", "pdq_quality": 100, "phash": "a6d348d073c99ccd", "dhash": "814d6c4d4da6b6a7"}','2026-06-02 14:05:12.000000','Sample Library camera',0,1,'2026-06-03 14:07:24.250000');
INSERT INTO "photo" VALUES('0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6',279922,910,1137,'JPEG',X'AEAC10C9FE8A41FF004BFF147FE9035FE937DB288A1C35F02A0BE9B64D600B4C',100,X'DF9883B668971C8A',X'6971703333254D03','null','2012-12-06 20:46:01.000000','Canon EOS 5D Mark III',0,1,'2026-06-03 14:38:51.250000');
INSERT INTO "photo" VALUES('3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c',353723,970,2204,'JPEG',X'B2D79AA699D4D5D8FEE862A6A12A5B595D48086CDFEAEAE4255405F7C002D1D5',100,X'ABD580F71513AB19',X'2C151B733B5B552B','null','2010-05-10 14:04:01.000000','Canon EOS 5D Mark II',0,1,'2026-06-03 15:01:40.250000');
CREATE TABLE place (
	path VARCHAR NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	event_id VARCHAR, 
	byte_size INTEGER NOT NULL, 
	mtime_ns INTEGER NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (path), 
	FOREIGN KEY(event_id) REFERENCES event (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/stage-obama-biden.jpg','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','3300bd289374491980be39e20653c586',198007,1795789526083323067,'2026-06-03 16:14:26.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/panel-astronaut-obama-biden.jpg','4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3','3300bd289374491980be39e20653c586',226073,1795789526079790143,'2026-06-03 14:03:05.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/refreshments-no-face.jpg','90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','3300bd289374491980be39e20653c586',64628,1795789526083061775,'2026-06-03 16:13:49.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/back-row-small-faces.jpg','76a2f3b67dc03aad2c6214f34d6a664f81bcb21814ad0cac30bb3af8366ddf64','3300bd289374491980be39e20653c586',77219,1795789526074684416,'2026-06-03 16:15:03.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/obama-recompressed.jpg','1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3','3300bd289374491980be39e20653c586',35160,1795789526074935113,'2026-06-03 14:04:56.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-05-14 Author talk/signing-astronaut-biden.jpg','fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86','3300bd289374491980be39e20653c586',214812,1795789526083226072,'2026-06-03 14:05:33.250000');
INSERT INTO "place" VALUES('/srv/photos/events/2026-06-02 Summer reading kick-off/welcome-obama-astronaut.jpg','6928fca8ec70879ad3f00fa0b7c1e2a152f60dcfa9d6bcf5aa14f7410dceaa71','5760ad3b0cb347c58ab364a930118b51',136312,1795789526083981426,'2026-06-03 14:08:01.250000');
CREATE TABLE placed_photo (
	id VARCHAR(32) NOT NULL, 
	layout_id INTEGER NOT NULL, 
	page INTEGER, 
	number INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	photo_sha256 VARCHAR(64), 
	found VARCHAR(32), 
	x1 INTEGER, 
	y1 INTEGER, 
	x2 INTEGER, 
	y2 INTEGER, 
	problem VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(layout_id) REFERENCES print_layout (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "placed_photo" VALUES('f75c60a445d047b888c3602e36706dc7',1,NULL,1,'stage-obama-biden.jpg','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','same bytes',NULL,NULL,NULL,NULL,'');
INSERT INTO "placed_photo" VALUES('a461da9b19ba4715b5ae7133af3b3d14',1,NULL,2,'refreshments-no-face.jpg','90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','same bytes',NULL,NULL,NULL,NULL,'');
INSERT INTO "placed_photo" VALUES('da95f205a4a842bd951cd4a31c03a330',1,NULL,3,'signing-astronaut-biden.jpg','fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86','same bytes',NULL,NULL,NULL,NULL,'');
CREATE TABLE placed_photo_removal (
	placed_id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	PRIMARY KEY (placed_id), 
	FOREIGN KEY(placed_id) REFERENCES placed_photo (id)
);
INSERT INTO "placed_photo_removal" VALUES('da95f205a4a842bd951cd4a31c03a330','2026-06-03 14:19:44.250000','ed.press');
CREATE TABLE print_audit (
	id VARCHAR(32) NOT NULL, 
	piece_id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	register_version INTEGER NOT NULL, 
	policy_version VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	photos JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(piece_id) REFERENCES print_piece (id)
);
INSERT INTO "print_audit" VALUES('a6f6fe3db66843a186b351778319dea0','bdeda054c45f468c928f5e4de1211650','2026-06-03 14:32:04.250000','ed.press','communications',17,'2025-04-03','fused-2026-11-25','[{"placed_id": "f75c60a445d047b888c3602e36706dc7", "page": null, "where": "stage-obama-biden.jpg", "name": "stage-obama-biden.jpg", "photo_sha256": "b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b", "found": "same bytes", "verdict": "CLEAR", "sentences": [], "faces": [{"number": 1, "box": {"x1": 183, "y1": 251, "x2": 431, "y2": 607}, "standing": "asked", "revocations": [], "answer": {"given": true, "asked_by": "Ana Ruiz", "asked_on": "2026-06-03", "how": "everybody in the photo", "name": "Z. Quirk", "guardian": ""}, "elsewhere": null}, {"number": 2, "box": {"x1": 854, "y1": 135, "x2": 1114, "y2": 497}, "standing": "asked", "revocations": [], "answer": {"given": true, "asked_by": "Ana Ruiz", "asked_on": "2026-06-03", "how": "everybody in the photo", "name": "Z. Quirk", "guardian": ""}, "elsewhere": null}], "event": "Author talk", "public_space": false, "region": null, "branch": "Main library"}, {"placed_id": "a461da9b19ba4715b5ae7133af3b3d14", "page": null, "where": "refreshments-no-face.jpg", "name": "refreshments-no-face.jpg", "photo_sha256": "90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa", "found": "same bytes", "verdict": "CLEAR", "sentences": [], "faces": [], "event": "Author talk", "public_space": false, "region": null, "branch": "Main library"}]');
CREATE TABLE print_layout (
	id INTEGER NOT NULL, 
	piece_id VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	replaces BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(piece_id) REFERENCES print_piece (id)
);
INSERT INTO "print_layout" VALUES(1,'bdeda054c45f468c928f5e4de1211650','stage-obama-biden.jpg, refreshments-no-face.jpg, signing-astronaut-biden.jpg',0,'2026-06-03 14:19:07.250000','ed.press');
CREATE TABLE print_piece (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	title VARCHAR NOT NULL, 
	issue VARCHAR NOT NULL, 
	print_on DATE, 
	run INTEGER, 
	editor VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (number)
);
INSERT INTO "print_piece" VALUES('bdeda054c45f468c928f5e4de1211650',1,'newsletter','Newsletter','Spring 2026','2026-06-03',2000,'Ed Press','2026-06-03 14:18:30.250000');
CREATE TABLE print_step (
	id INTEGER NOT NULL, 
	piece_id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	state VARCHAR(16), 
	reason VARCHAR NOT NULL, 
	signed_as VARCHAR NOT NULL, 
	audit_id VARCHAR(32), 
	stock INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(piece_id) REFERENCES print_piece (id)
);
INSERT INTO "print_step" VALUES(1,'bdeda054c45f468c928f5e4de1211650','2026-06-03 14:18:30.250000','ed.press','communications','draft','','',NULL,NULL);
INSERT INTO "print_step" VALUES(2,'bdeda054c45f468c928f5e4de1211650','2026-06-03 14:32:04.250000','ed.press','communications','audited','','','a6f6fe3db66843a186b351778319dea0',NULL);
INSERT INTO "print_step" VALUES(3,'bdeda054c45f468c928f5e4de1211650','2026-06-03 14:33:18.250000','ed.press','communications','approved','','Ed Press, editor','a6f6fe3db66843a186b351778319dea0',NULL);
INSERT INTO "print_step" VALUES(4,'bdeda054c45f468c928f5e4de1211650','2026-06-03 14:35:09.250000','ed.press','communications','at_printer','','',NULL,NULL);
CREATE TABLE problem (
	path VARCHAR NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	reason VARCHAR NOT NULL, 
	byte_size INTEGER NOT NULL, 
	mtime_ns INTEGER NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (path)
);
INSERT INTO "problem" VALUES('/srv/photos/events/2026-05-14 Author talk/truncated.jpg','unreadable','The photo is damaged or incomplete (image file is truncated (9 bytes not processed)): copy it again from the camera or its source.',89103,1795789526083415837,'2026-06-03 14:02:28.250000');
CREATE TABLE "publication" (
	id VARCHAR(32) NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	piece VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	published_on DATE NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	source_url VARCHAR NOT NULL, 
	found_how VARCHAR NOT NULL, 
	found_as VARCHAR(64), 
	planned BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "publication" VALUES('71e557bf61bb40e7866a1e72a4d32be7','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','instagram','','https://social.test/p/1','2026-06-03','ed.press','2026-06-03 14:09:15.250000','','',NULL,0);
INSERT INTO "publication" VALUES('cc3594e7d1634e12b74722ac0ea6526c','90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','facebook','','https://social.test/p/2','2026-06-03','ed.press','2026-06-03 14:11:06.250000','https://customer.test/9','',NULL,0);
INSERT INTO "publication" VALUES('ea31593f642f4ea4bb5c20d790979223','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','newsletter','Newsletter, Spring 2026','','2026-06-03','ann.desk','2026-06-03 14:47:29.250000','','',NULL,1);
INSERT INTO "publication" VALUES('76e11fd426c84984b72afd172066d0de','90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','instagram','','https://social.test/p/3','2026-06-03','ed.press','2026-06-03 16:25:32.250000','','',NULL,0);
CREATE TABLE revocation (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	person_id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	UNIQUE (number)
);
INSERT INTO "revocation" VALUES('769a647abe684197a8e42e46a10edb14',1,'7d07e598bfb141318fd709e5f0113cd6','2026-06-03 14:37:00.250000');
INSERT INTO "revocation" VALUES('21b31454b9a044afbc6df8000c7f4905',2,'c58ae40109204df98935636095f97f2a','2026-06-03 14:59:49.250000');
INSERT INTO "revocation" VALUES('2edb1063f038467f8bd138a16db3a27e',3,'ca7365f2ca6d4420aa32a220716bd83b','2026-06-03 15:13:23.250000');
INSERT INTO "revocation" VALUES('ffd13733cda745518c635dd8c3329658',4,'c2b447756a774942ac82d0793a599962','2026-06-03 15:14:37.250000');
CREATE TABLE revocation_event (
	id INTEGER NOT NULL, 
	revocation_id VARCHAR(32) NOT NULL, 
	place INTEGER NOT NULL, 
	step VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	effective_on DATE NOT NULL, 
	received_on DATE, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	terms JSON, 
	lapses_on DATE, 
	reason VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(revocation_id) REFERENCES revocation (id), 
	UNIQUE (revocation_id, place)
);
INSERT INTO "revocation_event" VALUES(1,'769a647abe684197a8e42e46a10edb14',1,'recorded','2026-06-03 14:37:00.250000','2026-06-03','2026-06-03','ann.desk','desk','{"scope": {"all_channels": true, "kinds": [], "channels": [], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "letter", "branch": "Park Street", "original_at": "Binder 3"}, "requester": {"name": "Zebulon Quirk", "relationship": "self", "authority_note": "", "contact": "", "preferred_contact": "", "language": "en"}, "effective_from": "2026-06-03", "until": null, "safety": true, "locators": [{"event_id": null, "on": null, "clothing": "red hat", "companions": "", "url": "https://social.test/p/1", "position": "left"}], "template_agreement": {"agreed_on": "2026-06-03", "purpose": "Finding this person in the library''s photos, so that none is used.", "until": "2029-06-03"}, "evidence": ["351dbfb724e04e39854b04d4d218ad3e2258cf345fecb6e78ec70598eede5ba4"], "note": "He telephoned before."}',NULL,'');
INSERT INTO "revocation_event" VALUES(2,'769a647abe684197a8e42e46a10edb14',2,'amended','2026-06-03 14:52:25.250000','2026-06-03','2026-06-03','ann.desk','desk','{"scope": {"all_channels": false, "kinds": ["online"], "channels": ["newsletter"], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "letter", "branch": "Park Street", "original_at": "Binder 3"}, "requester": {"name": "Zebulon Quirk", "relationship": "self", "authority_note": "", "contact": "555-0101", "preferred_contact": "", "language": "en"}, "effective_from": "2026-06-03", "until": null, "safety": true, "locators": [{"event_id": null, "on": null, "clothing": "red hat", "companions": "", "url": "https://social.test/p/1", "position": "left"}], "template_agreement": {"agreed_on": "2026-06-03", "purpose": "Finding this person in the library''s photos, so that none is used.", "until": "2029-06-03"}, "evidence": ["351dbfb724e04e39854b04d4d218ad3e2258cf345fecb6e78ec70598eede5ba4"], "note": "He telephoned before."}',NULL,'Print is of no concern.');
INSERT INTO "revocation_event" VALUES(3,'21b31454b9a044afbc6df8000c7f4905',1,'recorded','2026-06-03 14:59:49.250000','2026-06-02','2026-06-03','ann.desk','desk','{"scope": {"all_channels": true, "kinds": [], "channels": [], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "form", "branch": "", "original_at": ""}, "requester": {"name": "W. Quirk", "relationship": "guardian", "authority_note": "court paper seen", "contact": "w@quirk.test", "preferred_contact": "email", "language": "es"}, "effective_from": "2026-06-02", "until": "2036-01-01", "safety": false, "locators": [{"event_id": "5760ad3b0cb347c58ab364a930118b51", "on": "2026-06-02", "clothing": "", "companions": "with a dog", "url": "", "position": ""}], "template_agreement": {"agreed_on": "2026-06-03", "purpose": "Finding this person in the library''s photos, so that none is used.", "until": null}, "evidence": ["db0e5bb0ea036ba9a6bbd3471247f1ae8c454555e79461b8ca9ba10ba2a86730"], "note": ""}',NULL,'');
INSERT INTO "revocation_event" VALUES(4,'2edb1063f038467f8bd138a16db3a27e',1,'hold_placed','2026-06-03 15:13:23.250000','2026-06-03','2026-06-03','ann.desk','desk','{"scope": {"all_channels": true, "kinds": [], "channels": [], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "oral", "branch": "", "original_at": ""}, "requester": {"name": "A. Reader", "relationship": "self", "authority_note": "", "contact": "", "preferred_contact": "", "language": "en"}, "effective_from": "2026-06-03", "until": null, "safety": false, "locators": [], "template_agreement": null, "evidence": [], "note": "telephone"}','2026-06-17','');
INSERT INTO "revocation_event" VALUES(5,'ffd13733cda745518c635dd8c3329658',1,'hold_placed','2026-06-03 15:14:37.250000','2026-06-03','2026-06-03','ann.desk','desk','{"scope": {"all_channels": true, "kinds": [], "channels": [], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "oral", "branch": "", "original_at": ""}, "requester": {"name": "Zeb Quirk", "relationship": "self", "authority_note": "", "contact": "", "preferred_contact": "", "language": "en"}, "effective_from": "2026-06-03", "until": null, "safety": false, "locators": [], "template_agreement": null, "evidence": [], "note": "telephone"}','2026-06-17','');
INSERT INTO "revocation_event" VALUES(6,'ffd13733cda745518c635dd8c3329658',2,'recorded','2026-06-03 15:16:28.250000','2026-06-03','2026-06-03','ann.desk','desk','{"scope": {"all_channels": true, "kinds": [], "channels": [], "event_ids": [], "photo_ids": [], "period": "both", "caption_too": true}, "receipt": {"on": "2026-06-03", "by": "ann.desk", "method": "letter", "branch": "Park Street", "original_at": "Binder 3"}, "requester": {"name": "Zeb Quirk", "relationship": "self", "authority_note": "", "contact": "", "preferred_contact": "", "language": "en"}, "effective_from": "2026-06-03", "until": null, "safety": false, "locators": [], "template_agreement": null, "evidence": [], "note": "telephone"}',NULL,'');
INSERT INTO "revocation_event" VALUES(7,'ffd13733cda745518c635dd8c3329658',3,'rescinded','2026-06-03 15:28:48.250000','2026-06-03',NULL,'ann.desk','desk','null',NULL,'Taken back in writing by the person depicted.');
CREATE TABLE scheduled_post (
	id VARCHAR(32) NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	piece VARCHAR NOT NULL, 
	planned_on DATE NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(photo_sha256) REFERENCES photo (sha256)
);
INSERT INTO "scheduled_post" VALUES('111dd082123a48d6bd05bfa71ecfa907','90beb7b574310402d67518f49e4eb5121f1eb106048d92c1f8727cac089b03fa','instagram','','2026-06-03','ed.press','2026-06-03 14:14:48.250000');
INSERT INTO "scheduled_post" VALUES('a3b44a260e29428db04c17a39de00e85','4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3','instagram','','2026-06-03','ed.press','2026-06-03 14:16:02.250000');
INSERT INTO "scheduled_post" VALUES('e07a140fec7542e691c8754965c56965','fa5bb481a2c822c428d456b8db6195d2bdb01336f9a81de467f21cb0e3868f86','instagram','','2026-06-03','ed.press','2026-06-03 14:17:16.250000');
CREATE TABLE scheduled_post_step (
	id INTEGER NOT NULL, 
	post_id VARCHAR(32) NOT NULL, 
	step VARCHAR(16) NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(post_id) REFERENCES scheduled_post (id)
);
INSERT INTO "scheduled_post_step" VALUES(1,'111dd082123a48d6bd05bfa71ecfa907','posted','ed.press','2026-06-03 16:26:46.250000');
INSERT INTO "scheduled_post_step" VALUES(2,'a3b44a260e29428db04c17a39de00e85','cancelled','ed.press','2026-06-03 16:27:23.250000');
CREATE TABLE "sighting" (
	id INTEGER NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	revocation_id VARCHAR(32) NOT NULL, 
	x1 INTEGER, 
	y1 INTEGER, 
	x2 INTEGER, 
	y2 INTEGER, 
	state VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	note VARCHAR NOT NULL, 
	wearing VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(revocation_id) REFERENCES revocation (id)
);
INSERT INTO "sighting" VALUES(1,'0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6','769a647abe684197a8e42e46a10edb14',373,89,611,417,'confirmed','2026-06-03 14:40:42.250000','ann.desk','desk','Reference photo.','');
INSERT INTO "sighting" VALUES(2,'3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c','21b31454b9a044afbc6df8000c7f4905',432,176,711,564,'confirmed','2026-06-03 15:03:31.250000','ann.desk','desk','Reference photo.','');
INSERT INTO "sighting" VALUES(3,'b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','769a647abe684197a8e42e46a10edb14',NULL,NULL,NULL,NULL,'confirmed','2026-06-03 15:30:39.250000','ann.desk','desk','he says so himself','a dark suit');
INSERT INTO "sighting" VALUES(4,'4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3','21b31454b9a044afbc6df8000c7f4905',1257,464,1438,719,'rejected','2026-06-03 15:31:16.250000','ann.desk','desk','not the child','');
INSERT INTO "sighting" VALUES(5,'1ce34dbab4485dc34f4cb91fd1e9829104df404f47684ea620a7291774434cd3','769a647abe684197a8e42e46a10edb14',260,60,428,295,'confirmed','2026-06-03 15:31:53.250000','ann.desk','desk','','');
CREATE TABLE source_check (
	id INTEGER NOT NULL, 
	publication_id VARCHAR(32) NOT NULL, 
	there BOOLEAN NOT NULL, 
	checked_on DATE NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(publication_id) REFERENCES publication (id)
);
INSERT INTO "source_check" VALUES(1,'cc3594e7d1634e12b74722ac0ea6526c',1,'2026-06-03','ed.press','2026-06-03 14:12:57.250000');
CREATE TABLE takedown (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	publication_id VARCHAR(32) NOT NULL, 
	revocation_id VARCHAR(32) NOT NULL, 
	due_on DATE NOT NULL, 
	safety BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(publication_id) REFERENCES publication (id), 
	FOREIGN KEY(revocation_id) REFERENCES revocation (id), 
	UNIQUE (publication_id, revocation_id), 
	UNIQUE (number)
);
INSERT INTO "takedown" VALUES('e060d44cdbf14f4da111959b849e3659',1,'71e557bf61bb40e7866a1e72a4d32be7','769a647abe684197a8e42e46a10edb14','2026-06-05',1);
INSERT INTO "takedown" VALUES('ee668e0ebbaf4a3386e254b41674fe60',2,'ea31593f642f4ea4bb5c20d790979223','769a647abe684197a8e42e46a10edb14','2026-06-05',1);
INSERT INTO "takedown" VALUES('11c0ab7c647349dca1fd2c3ac3db05f2',3,'ea31593f642f4ea4bb5c20d790979223','21b31454b9a044afbc6df8000c7f4905','2026-07-03',0);
INSERT INTO "takedown" VALUES('8688b748397d40f5aa954fe21d5a954c',4,'71e557bf61bb40e7866a1e72a4d32be7','21b31454b9a044afbc6df8000c7f4905','2026-06-06',0);
CREATE TABLE takedown_event (
	id INTEGER NOT NULL, 
	takedown_id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	actor_role VARCHAR(32) NOT NULL, 
	state VARCHAR(32), 
	owner VARCHAR, 
	note VARCHAR NOT NULL, 
	proof VARCHAR(64), 
	stop_reprint BOOLEAN, 
	stock VARCHAR NOT NULL, 
	kept_copy VARCHAR(64), 
	kept_until DATE, 
	PRIMARY KEY (id), 
	FOREIGN KEY(takedown_id) REFERENCES takedown (id)
);
INSERT INTO "takedown_event" VALUES(1,'e060d44cdbf14f4da111959b849e3659','2026-06-03 14:48:06.250000','ann.desk','desk','found',NULL,'',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(2,'ee668e0ebbaf4a3386e254b41674fe60','2026-06-03 14:49:20.250000','ann.desk','desk','found',NULL,'',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(3,'11c0ab7c647349dca1fd2c3ac3db05f2','2026-06-03 15:10:18.250000','ann.desk','desk','found',NULL,'',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(4,'8688b748397d40f5aa954fe21d5a954c','2026-06-03 15:11:32.250000','ann.desk','desk','found',NULL,'',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(5,'e060d44cdbf14f4da111959b849e3659','2026-06-03 15:59:38.250000','ed.press','communications',NULL,'bob','',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(6,'e060d44cdbf14f4da111959b849e3659','2026-06-03 16:01:29.250000','ed.press','communications','requested',NULL,'mailed',NULL,NULL,'',NULL,NULL);
INSERT INTO "takedown_event" VALUES(7,'e060d44cdbf14f4da111959b849e3659','2026-06-03 16:03:20.250000','ed.press','communications','hidden',NULL,'gone','6b3c238ebcf1f3c07cf0e556faa82c6b8fe96840ff4b6b7e9962a2d855843a0b',NULL,'','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b','2033-06-01');
INSERT INTO "takedown_event" VALUES(8,'e060d44cdbf14f4da111959b849e3659','2026-06-03 16:05:11.250000','ed.press','communications','retained',NULL,'kept for the file',NULL,NULL,'',NULL,NULL);
CREATE TABLE template (
	id VARCHAR(32) NOT NULL, 
	revocation_id VARCHAR(32) NOT NULL, 
	photo_sha256 VARCHAR(64) NOT NULL, 
	x1 INTEGER NOT NULL, 
	y1 INTEGER NOT NULL, 
	x2 INTEGER NOT NULL, 
	y2 INTEGER NOT NULL, 
	crop VARCHAR(64) NOT NULL, 
	added_at DATETIME NOT NULL, norm FLOAT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(revocation_id) REFERENCES revocation (id)
);
INSERT INTO "template" VALUES('4a971c12af5b4c228d115535e71b2b8d','769a647abe684197a8e42e46a10edb14','0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6',373,89,611,417,'5648cb9438bb8e5e6e666a7e5dc4d94e56f6f08fb92d812fe39262cb74e94ea6','2026-06-03 14:39:28.250000',1.30203685760498046877e+01);
INSERT INTO "template" VALUES('a4a58675a624457fb3d99accb4078621','21b31454b9a044afbc6df8000c7f4905','3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c',432,176,711,564,'380126560602d03368e3a0fe94caec28b7489924f79d010fa8cc25b2e9cc754d','2026-06-03 15:02:17.250000',1.16507759094238281247e+01);
CREATE TABLE template_encoding (
	template_id VARCHAR(32) NOT NULL, 
	model_id VARCHAR(64) NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (template_id, model_id), 
	FOREIGN KEY(template_id) REFERENCES template (id)
);
INSERT INTO "template_encoding" VALUES('4a971c12af5b4c228d115535e71b2b8d','dlib-resnet-v1',X'21EABDBD37B1FE3DAE6E223B893382BDAE6D9F3C6B34193B8EF7ABBD23CAD0BD97553A3E4887DCBD7B1F803E4729AC3D720859BEE0F80EBE3F844B3D0B95FA3D948B37BE4BD2B4BDC009E8BDB60EEEBD896B123D3F28BABB3CABCB3DE8D6363DAF9B03BEBA1FB1BEE6AB85BD12B03BBEE06D71BA7820DDBD9873A1BD511071BC97163ABE8E4DD1BD90358C3C81D09ABC66C00C3C601FABBA8338533E8FBEDD3C87AFE5BDA884C83D35C6353C1E29653E0225933E82F4943D205489BBF6C1C0BDB7C3DA3D94965EBEC05C8C3D686F183E18F0A93D224D0C3D6BFCCF3D071B38BE2659B03B2270B73D46A312BE8CEEEF3B8B40DC3BC2E98EBDDC6620BDF6230E3DAEAD513E8AA8C63DD275FEBD0A2F40BD2700093E4EADB9BC0CCFA63C9E08443CE0DE44BE3FA955BE77496BBE5695B53DF496C13EE76A443ECEA156BEB31EE23CB09643BE9CBAB93C4035913D1A24C83BDAD191BD002C0DBED87229BD319F813D9631A73D30621A3D32A839BD22CE593E26EF17BDAAE25E3D5E8B8F3C5CFA6E3D1C001FBED3099BBC479E25BEFF8986BDC07C933C23B302BDC12F0E3D5B17113E93D869BE2476813DE491D33B88A415BD5A8EB03CCBA9973D6A52FFBC573F05BD653E743DCBDC73BE76247A3E6EA8773EE873BE3C0FC5303EF19A913DF647C73C28766BBC687EA6BCC44C44BEC09F73BDC22E583D0062993D9697A83D13070A3C');
INSERT INTO "template_encoding" VALUES('4a971c12af5b4c228d115535e71b2b8d','sface-2021dec-mirrored',X'F0C1813CAE2D263BE18C0BBD8966E03B2AB8903D398EF73D9029A23DD3B1C5BD8850FCBCD5658B3C18AEB7BD539022BB207FB73D085088BD3ABADBBD9711AABD1C2C6DBBE99056BC101E4ABE29C1BB3D965312BD2A2C863CC13AB8BC323D24BEAE8F903D0CF2D2BD34AE98BD5A05F93D42C9F53C4A4B24BE1B8C9038571F0B3E7A64253DF895053EF131D2BB2BFF7E3D39DCCBBD561F203DB830113ED9C6D03D285D003E169F15BDD2AD0BBDEB6139BD11FBF03CD6831B3DCD171ABEA687193E701D8E3DE93DC93D1859793B0FB6E43BA9009C3DC9321CBD7B7F9BBC7C73483CB39080BD3A332C3D10CE83BD675D28BDEE3C4EBD61A9DC3C253E9FBC55687EBD13A58A3DD216A4BD95502F3EA404A8BDAA9984BCF76F2B3D7404D13D83D0E83D5B2F56BC18A0CCBD4DB203BD8F86B5BC9F200CBBB8D7ADBBAD43E2BD2739093EE593073EB8BCFB3D98D73BBCAA4A943AA18BE5BD06BD0C3E1D3B933D76E6E9BD11B7EC3B4BE68EBC31FF333E128DECBDA16105BE80B550BE246AFABDDCDB2D3E3A4B54BDCE48E8BBA56ED6BB27EF083DFD9895BC083078BD27B7673DBB9E3DBEC00768BEE1D80BBEB298EBBD56ADF13D5A1139BC267E7E3D1475D73C5998453DA2282ABE4A4D4C3C8F57E83C6D9350BD7101FA3CC0A949BDD420673B72CF01BEBC978B3D55D2743D82AA603D9F8BDE3C3908253E421CD3BDB19ED4BC6FF692BC');
INSERT INTO "template_encoding" VALUES('a4a58675a624457fb3d99accb4078621','dlib-resnet-v1',X'1E36A6BA3FDB383ED5E8B53D086200BD8E000BBE3A68213DF20F01BD24C3A4BDE9F8543D6F2668BD5F46783EA7E767BD965E82BEDF9C53BDCDA3743D3979013E417917BE0FAC8EBD50444EBE186382BD837B83BC36AC28BDBB90C03C28688CBDBAC153BE77A270BE858E4CBDC5ABD0BDF605EEBC81E926BEF2599C3D2DEEFFBC16EF12BEB8004EBDAB3C3BBDD7D6DCBCD1D392BC746761BD96F9043E608AE63C5B8233BEE22A063EF61E9E3B3550603E0671963E08C32BBBB0DF3E3DA3F2BABD21DE0B3E31E576BEB069653D67E40F3DBFD72A3E385F703DF50B0F3E45DF91BDA483CB3CE2A9423E34EB4FBE20A0233D4C1E4E3DEFF96FBD2DE30A3D4AB836BD2BFF003E66E2EB3DA0C10EBC9D57BDBD47F7483E2FAFC9BD1118EBBDBE67E33CC39F82BD075C01BE84E7ABBE38E2173B9D1F8A3EE8920D3E5FD698BE7B349FBD85DE39BD912AF93B088D143D00E8D93B4AF719BD78150DBEB5406FBDD9927DBCF9557A3E8EBCE0BDD9F0093C4BB8653E23DA453DFAD013BE5FAC733DCC910FBDC3C3F2BDD0C257BC8329ECBD852B49BD26F2C1BC866821BE4E7BDDBC05BF863DC63384BE96F02A3ED23C87BC5F3AA2BDD5B378BD8E0829BD2B485D3CEF3D813DBE406B3E8E6080BE487C4F3ED736693ED0E570BD53FEA03D7D69373C8F24823D48F02ABD1ABC0E3D7380ACBDCB7704BEE83258BB1405BEBCF92A1D3CFA5C8E3D');
INSERT INTO "template_encoding" VALUES('a4a58675a624457fb3d99accb4078621','sface-2021dec-mirrored',X'E54CA4BC80C3043E6E75133D9C7ECE3DB7E08E3B60EBAB3D6A398CBDF28CF83C398AB2BD0A049FBC21C0DF3C3DC2313E33992A3D5D88863D6C55523D561FC6BDE5419F3BEC89DB3D7BEBABBDE6C75D3DF82C12BD5E617BBDBAA8B23D56ACAEBCA94E4F3D96FF9B3DB88465BEAB49C2BD8DDBD53D866460BD284EADBDC8810FBD922BAEBC05A07BBDB77B393EBA74203DFB07C7BDBE4C90BD4ECA7CBC920C0B3E464303BED22703BE39942CBC9A3F6ABD040D963C9E607CBC61FCB83DE2C771BD9D09EA3D79C657BB0CF912BEB92AC13D433FB0BCDA0F44BAA8DA28BC5C9D73BCDC5AF43B3CB159BDEDCAAF3D63DD913D07B689BD8204B23D3648E1BDA612833D2A5E913CC26851BDCE9919BEFF612FBC45C4CA3DE20FC33CC56C133D62CCCF3D8088FF3CF648B13D49B5D5BD685E44BC118254BEF0AE083EB981F8BD8B72F5BD86C6983C01C9D13CD7FA76BDD5E1DBBCFB74D6BD7512313ECB93373D11FFA2BD646A12BCC5A9C0BD260A0ABD75CF7D3DE47E2E3DC963C0BD965F23BD1A8663BDCE54033DCCFFD93DD0F14FBDF8A241BD2060F5BDEE0642BD0B3D093DD9402CBE1BCACD3C500AC8BDCE6D70BD0D3CFDBDFE078D3D44592DBE40FB5A3C5452E63CDF8500BE51E6003D363BAB3DAF3BC43DDD1F07BD380B10BEA8C93E3E2AD7953DD251AC3DF836013E73387C3D3ED865BE92466B3DBB1A01BE4015D5BDB0F933BD');
CREATE TABLE "verbal_consent" (
	id VARCHAR(32) NOT NULL, 
	asked_by VARCHAR NOT NULL, 
	asked_on DATE NOT NULL, 
	given BOOLEAN NOT NULL, 
	kinds JSON NOT NULL, 
	photo_sha256 VARCHAR(64), 
	x1 INTEGER, 
	y1 INTEGER, 
	x2 INTEGER, 
	y2 INTEGER, 
	event_id VARCHAR, 
	expires_on DATE, 
	note VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	name VARCHAR NOT NULL, 
	guardian VARCHAR NOT NULL, 
	channels JSON NOT NULL, 
	same_as VARCHAR(32), 
	PRIMARY KEY (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
INSERT INTO "verbal_consent" VALUES('908c61a43fcb48fe8e4354f25abf7d25','Ana Ruiz','2026-06-03',1,'["print"]','b41938b844053205e63d0349825c367197710e8ff807f6a78d373553c813cf1b',NULL,NULL,NULL,NULL,NULL,NULL,'at the table','2026-06-03 14:22:12.250000','Z. Quirk','','[]',NULL);
INSERT INTO "verbal_consent" VALUES('1c8be98a23554340b980aa44c5a510a1','ed.press','2026-06-03',0,'[]',NULL,NULL,NULL,NULL,NULL,'3300bd289374491980be39e20653c586',NULL,'','2026-06-03 14:23:26.250000','','','["instagram"]',NULL);
INSERT INTO "verbal_consent" VALUES('437c937172c846ae945e06bd9da5de88','ed.press','2026-06-03',1,'["print"]','4160109f05ac1e311a71156b861d2d4fec45386b5e0f96a6fe219c7e66e7e7d3',249,419,381,587,NULL,NULL,'','2026-06-03 14:24:40.250000','','W. Quirk','[]',NULL);
CREATE INDEX ix_audit_event_action ON audit_event (action);
CREATE INDEX ix_audit_event_changes_register ON audit_event (changes_register);
CREATE INDEX ix_audit_event_subject ON audit_event (subject);
CREATE INDEX ix_clearance_photo_sha256 ON clearance (photo_sha256);
CREATE INDEX ix_clearance_register_version ON clearance (register_version);
CREATE INDEX ix_event_held_on ON event (held_on);
CREATE INDEX ix_event_name ON event (name);
CREATE INDEX ix_job_state ON job (state);
CREATE INDEX ix_photo_taken_at ON photo (taken_at);
CREATE INDEX ix_face_photo_sha256 ON face (photo_sha256);
CREATE INDEX ix_person_event_name ON person_event (name);
CREATE INDEX ix_person_event_person_id ON person_event (person_id);
CREATE INDEX ix_place_event_id ON place (event_id);
CREATE INDEX ix_place_photo_sha256 ON place (photo_sha256);
CREATE INDEX ix_revocation_person_id ON revocation (person_id);
CREATE INDEX ix_evidence_revocation_id ON evidence (revocation_id);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);
CREATE INDEX ix_revocation_event_revocation_id ON revocation_event (revocation_id);
CREATE INDEX ix_revocation_event_received_on ON revocation_event (received_on);
CREATE INDEX ix_template_photo_sha256 ON template (photo_sha256);
CREATE INDEX ix_template_revocation_id ON template (revocation_id);
CREATE INDEX ix_takedown_due_on ON takedown (due_on);
CREATE INDEX ix_takedown_publication_id ON takedown (publication_id);
CREATE INDEX ix_takedown_revocation_id ON takedown (revocation_id);
CREATE INDEX ix_takedown_event_takedown_id ON takedown_event (takedown_id);
CREATE INDEX ix_appeal_due_on ON appeal (due_on);
CREATE INDEX ix_appeal_step_appeal_id ON appeal_step (appeal_id);
CREATE INDEX ix_source_check_publication_id ON source_check (publication_id);
CREATE INDEX ix_scheduled_post_photo_sha256 ON scheduled_post (photo_sha256);
CREATE INDEX ix_scheduled_post_planned_on ON scheduled_post (planned_on);
CREATE INDEX ix_scheduled_post_step_post_id ON scheduled_post_step (post_id);
CREATE INDEX ix_sighting_revocation_id ON sighting (revocation_id);
CREATE INDEX ix_sighting_photo_sha256 ON sighting (photo_sha256);
CREATE INDEX ix_face_look_photo_sha256 ON face_look (photo_sha256);
CREATE INDEX ix_override_photo_sha256 ON override (photo_sha256);
CREATE INDEX ix_override_step_override_id ON override_step (override_id);
CREATE INDEX ix_verbal_consent_event_id ON verbal_consent (event_id);
CREATE INDEX ix_verbal_consent_photo_sha256 ON verbal_consent (photo_sha256);
CREATE INDEX ix_publication_channel ON publication (channel);
CREATE INDEX ix_publication_url ON publication (url);
CREATE INDEX ix_publication_photo_sha256 ON publication (photo_sha256);
CREATE INDEX ix_print_step_piece_id ON print_step (piece_id);
CREATE INDEX ix_print_layout_piece_id ON print_layout (piece_id);
CREATE INDEX ix_placed_photo_layout_id ON placed_photo (layout_id);
CREATE INDEX ix_placed_photo_photo_sha256 ON placed_photo (photo_sha256);
CREATE INDEX ix_print_audit_piece_id ON print_audit (piece_id);
CREATE INDEX ix_face_token_token ON face_token (token);
CREATE TRIGGER face_encoding_UPDATE AFTER UPDATE ON face_encoding BEGIN
    DELETE FROM face_token;
    INSERT INTO face_token (token) VALUES (lower(hex(randomblob(16))));
END;
CREATE TRIGGER face_encoding_DELETE AFTER DELETE ON face_encoding BEGIN
    DELETE FROM face_token;
    INSERT INTO face_token (token) VALUES (lower(hex(randomblob(16))));
END;
CREATE INDEX ix_kept_event_event_id ON kept_event (event_id);
COMMIT;
