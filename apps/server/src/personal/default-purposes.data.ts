import type { LegalBasis } from './law.ts';
import type { PurposeBody } from './purposes.ts';

/** What the program proposes; nothing of it is stated until the archive adopts it under its own name. Defaults of the trade (U). */
export const DEFAULT_PURPOSES: readonly (PurposeBody & { readonly code: string; readonly basis: LegalBasis })[] = [
  {
    code: 'dossier-keeping',
    name: { zh: '人事档案收集、整理、保管', en: 'Keeping personnel dossiers' },
    basis: 'legal_duty',
    kinds: '干部人事档案、流动人员人事档案所列各类材料',
    sensitive: true,
    necessity: '法律、行政法规和国家有关规定要求的归档范围；只收规定材料，不另行采集。',
    retention: '本人在世期间全程保管；去世后按规定移交',
    recipients: '有档案管理权限的接收单位（转递）、经批准的查阅单位',
    categories: ['cadre', 'flow'],
  },
  {
    code: 'employment',
    name: { zh: '员工档案与劳动合同管理', en: 'Employment files and labour contracts' },
    basis: 'contract_hr',
    kinds: '身份与联系信息、学历与资格、劳动合同、考核奖惩、薪酬、离职材料',
    sensitive: true,
    necessity: '订立、履行劳动合同和依法制定的规章制度所必需；体检、工伤材料依法留存。',
    retention: '劳动关系终止后至少二年（劳动合同法第五十条），具体按本单位保管期限表',
    recipients: '依法有权的机关、社会保险经办机构',
    categories: ['employee', 'labour_contract', 'non_compete'],
  },
  {
    code: 'social-insurance',
    name: { zh: '社会保险业务档案管理', en: 'Social-insurance files' },
    basis: 'legal_duty',
    kinds: '参保登记、缴费、待遇核定与支付材料',
    sensitive: true,
    necessity: '社会保险法规定的登记和待遇核定所必需。',
    retention: '按社会保险业务档案管理规定',
    recipients: '依法有权的机关',
    categories: ['social_insurance'],
  },
  {
    code: 'voluntary-material',
    name: { zh: '本人自愿提供的材料', en: 'Material a person gives of the own will' },
    basis: 'consent',
    kinds: '本人自愿补充、不在归档范围内的材料',
    sensitive: false,
    necessity: '',
    retention: '至撤回同意或目的实现',
    recipients: '',
    categories: ['employee'],
  },
];
