/**
 * The policy an archive begins with, as data: docs/spec/policy.md has the form, docs/spec/access-matrix.md what it must say.
 * Purposes and office hours are left open; an archive narrows them in its own version.
 */
export const DEFAULT_POLICY = `# Lantai's default policy 默认权限策略
id: default
name: { zh: 默认权限策略, en: Default policy }
levels:
  - { zh: 公开, en: Public }
  - { zh: 内部, en: Internal }
  - { zh: 秘密, en: Secret }
  - { zh: 机密, en: Confidential }
# The highest level this installation may hold. Set it down to 1 where the network is not approved for more.
deployment-level: 3
utc-offset-minutes: 480

lines:
  # What posts open 岗位权限
  - id: archivist-keeps
    note: { zh: 档案员办理本全宗或本单位及下级的档案业务, en: 'Archivists do the archive business of their fonds, or of their unit and all below it' }
    effect: allow
    roles: [archivist]
    actions: [dossier.list, dossier.read, dossier.create, dossier.change, page.view, page.import, search, material.change, catalogue.export, sensitive.reveal, custody.read, receipt.make, station.work, archive.export, grant.ask, grant.make]
    organisations: own-subtree
  - id: archivist-copies
    note: { zh: 经档案员打印、复制、导出, en: 'Prints, copies and exports go through the archivist' }
    effect: allow
    roles: [archivist]
    actions: [page.print, page.copy, page.download, dossier.export]
    organisations: own-subtree
  - id: archivist-works-queues
    note: { zh: 档案员管理本全宗的后台任务, en: 'Archivists work the queues of their fonds' }
    effect: allow
    roles: [archivist]
    actions: [jobs.read, jobs.manage]
    organisations: own-subtree
  - id: archivist-safeguards
    note: { zh: 档案员登记亲属关系、终止授权, en: 'Archivists register kinship and end grants: both only ever close' }
    effect: allow
    roles: [archivist]
    actions: [kinship.declare, grant.end]
  - id: archivist-receives-requests
    note: { zh: 档案员受理个人信息权利请求、登记同意与撤回, en: 'Archivists receive what persons ask by the law on personal information' }
    effect: allow
    roles: [archivist]
    actions: [rights.exercise, rights.answer]
    organisations: own-subtree
  - id: archivist-reads-registers
    note: { zh: 档案员查看个人信息处理登记簿, en: 'Archivists read the registers of processing' }
    effect: allow
    roles: [archivist]
    actions: [processing.read]
    organisations: own-subtree
  - id: clerk-looks
    note: { zh: 单位经办人查看本单位及下级单位的档案, en: 'Clerks look at the dossiers of their unit and of those below it' }
    effect: allow
    roles: [unit_clerk]
    actions: [dossier.list, dossier.read, page.view, search, sensitive.reveal, custody.read, receipt.make]
    organisations: own-subtree
  - id: clerk-asks
    note: { zh: 单位经办人为本单位及下级单位的档案申请查阅, en: 'Clerks ask for consultations of the dossiers of their unit and of those below it' }
    effect: allow
    roles: [unit_clerk]
    actions: [grant.ask]
    organisations: own-subtree
  - id: system-runs
    note: { zh: 系统管理员维护组织机构、备份与核查, en: 'System administrators keep the organisation tree, backups and checks' }
    effect: allow
    roles: [system_admin]
    actions: [organisation.change, archive.backup, archive.check, anchor.change]
  - id: system-works-queues
    note: { zh: 系统管理员管理后台任务, en: 'System administrators work the queues; a job shows a code and a failure' }
    effect: allow
    roles: [system_admin]
    actions: [jobs.read, jobs.manage]
    organisations: own-subtree
  - id: security-decides
    note: { zh: 安全保密管理员管理账号、权限策略与回避关系, en: 'Security administrators keep accounts, the policy and kinship' }
    effect: allow
    roles: [security_admin]
    actions: [account.manage, directory.sync, policy.read, policy.change, grant.end, kinship.declare, kinship.end]
  - id: security-keeps-processing
    note: { zh: 安全保密管理员办理个人信息保护事务, en: 'Security administrators keep purposes, notices, assessments and breaches' }
    effect: allow
    roles: [security_admin]
    actions: [processing.keep, processing.read]
    organisations: own-subtree
  - id: audit-reads-log
    note: { zh: 安全审计员查阅日志, en: 'Audit administrators read the log' }
    effect: allow
    roles: [audit_admin]
    actions: [log.read]
  - id: audit-makes-receipts
    note: { zh: 安全审计员出具存证回执, en: 'Audit administrators make receipts' }
    effect: allow
    roles: [audit_admin]
    actions: [receipt.make]
    organisations: own-subtree
  - id: trial-owner-tries
    note: { zh: 试用者在试用库中可以试用全部功能, en: 'The owner of a trial archive tries everything' }
    effect: allow
    roles: [trial_owner]
    actions: all
    organisations: all

  # What is named for a time 限时授权
  - id: reader-consults
    note: { zh: 查阅人事档案须经批准、两人以上、第二人在场并声明非亲属, en: 'Personnel dossiers are consulted with leave, by two readers, the second signed in too, neither related' }
    effect: allow
    roles: [reader]
    by: grant
    except-categories: [employee, labour_contract, social_insurance]
    actions: [dossier.list, dossier.read, page.view, page.print, page.copy, search]
    needs: [approved_consultation, two_readers, second_sign_in, kinship_statement]
  - id: reader-consults-employment
    note: { zh: 查阅员工、合同、社保档案须经批准, en: 'Employment and insurance files are consulted with leave' }
    effect: allow
    roles: [reader]
    by: grant
    categories: [employee, labour_contract, social_insurance]
    actions: [dossier.list, dossier.read, page.view, page.print, page.copy, search]
    needs: [approved_consultation]

  # What is claimed at a station of digitisation 数字化加工领取
  - id: contractor-works-claims
    note: { zh: 外包加工员只接触已领取的案卷，交回即止；涉密的一律不予, en: 'Contractors work upon what they have claimed, while claimed; never upon anything classified' }
    effect: allow
    roles: [contractor]
    by: grant
    actions: [dossier.list, dossier.read, page.view, page.import, search, station.work]
    needs: [claimed]

  # What is about the actor 本人
  - id: person-sees-own-file
    note: { zh: 本人查阅、复制本人的员工档案（个人信息保护法第四十五条）, en: 'A person sees and copies the own employment file (PIPL article 45)' }
    effect: allow
    roles: [person]
    by: subject
    categories: [employee, labour_contract, social_insurance, non_compete]
    actions: [dossier.list, dossier.read, page.view, page.print, page.copy, search, sensitive.reveal, receipt.make]
  - id: person-asks-correction
    note: { zh: 本人申请更正（个人信息保护法第四十六条）, en: 'A person asks for corrections, and never edits (PIPL article 46)' }
    effect: allow
    roles: [person]
    by: subject
    categories: [employee, labour_contract, social_insurance, non_compete]
    actions: [correction.ask]
  - id: person-sees-custody
    note: { zh: 本人查询存档状态, en: 'A person sees that the own dossier is kept, and what is missing' }
    effect: allow
    roles: [person]
    by: subject
    except-categories: [discipline]
    actions: [custody.read]

  - id: person-exercises-rights
    note: { zh: 本人行使个人信息权利（个人信息保护法第四十四条至第五十条）, en: 'A person exercises the rights of PIPL articles 44 to 50' }
    effect: allow
    roles: [person]
    by: subject
    except-categories: [discipline]
    actions: [rights.exercise]

  # What is closed whatever opens it 禁止
  - id: no-own-no-relatives
    note: { zh: 任何人不得查阅本人及其亲属的人事档案, en: 'Nobody consults the own personnel dossier or that of a relative' }
    effect: deny
    roles: all
    actions: [dossier.list, dossier.read, dossier.create, dossier.change, dossier.export, page.view, page.print, page.copy, page.download, page.import, search, material.change, catalogue.export, sensitive.reveal, receipt.make, station.work, archive.export, grant.ask, grant.make]
    except-categories: [employee, labour_contract, social_insurance, non_compete]
    subjects: self-or-relatives
  - id: discipline-sealed
    note: { zh: 纪律审查材料只对指定人员开放, en: 'Discipline files are open to their audience alone' }
    effect: deny
    roles: [system_admin, audit_admin, archivist, unit_clerk, reader, person, contractor]
    actions: all
    categories: [discipline]
    unless: audience
  - id: non-compete-sealed
    note: { zh: 竞业限制协议只对指定人员及本人开放, en: 'Non-compete agreements are open to their audience and to the person' }
    effect: deny
    roles: [system_admin, audit_admin, archivist, unit_clerk, reader, contractor]
    actions: all
    categories: [non_compete]
    unless: audience
  - id: secret-stays
    note: { zh: 秘密级以上只看不带走, en: 'What is secret is looked at and not taken along' }
    effect: deny
    roles: [archivist, reader, person]
    actions: [page.print, page.copy, page.download, dossier.export]
    level-from: 2
  - id: no-answer-to-own
    note: { zh: 任何人不得办理本人及其亲属的请求, en: 'Nobody answers the own request or that of a relative' }
    effect: deny
    roles: all
    actions: [rights.answer]
    subjects: self-or-relatives
  - id: restricted-kept-only
    note: { zh: 限制处理的个人信息只存储，不检索、不导出、不变更, en: 'Restricted data is kept: not searched, handed out, changed or worked upon' }
    effect: deny
    roles: all
    actions: [dossier.create, dossier.change, dossier.export, page.print, page.copy, page.download, page.import, search, material.change, catalogue.export, station.work, archive.export, grant.ask, grant.make, jobs.read, jobs.manage]
    state: restricted
  - id: restricted-not-looked-at
    note: { zh: 限制处理的个人信息除审计和正当权益外不得查看, en: 'Restricted data is looked at for an audit or a lawful interest alone' }
    effect: deny
    roles: all
    actions: [dossier.read, page.view, sensitive.reveal]
    except-purposes: [audit, lawful_interest]
    state: restricted
  - id: restricted-not-listed
    note: { zh: 限制处理的档案只对档案员列出, en: 'Restricted dossiers are listed to the archivist alone' }
    effect: deny
    roles: [system_admin, security_admin, audit_admin, unit_clerk, reader, person, contractor]
    actions: [dossier.list]
    state: restricted
`;
