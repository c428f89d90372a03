/** The queue of reviews, in Chinese. */
export const zhReview = {
  'desk.confirmSure': '确认全部无疑材料（{count} 份）',
  'desk.confirmSureShort': '确认全部无疑材料',
  'desk.confirmedSure': '已确认 {count} 份无疑材料，可撤销',
  'desk.noneSure': '没有可一并确认的材料：其余各份均有存疑处',
  'nav.review': '待核对',
  'review.class': '{code} 类',
  'review.count': '{number} 份材料待核对，最没把握的排在最前',
  'review.least': '最低把握 {share}',
  'review.next': '下一卷待核对',
  'review.none': '没有待核对的材料',
  'review.noneElsewhere': '其他案卷没有待核对的材料',
  'review.noneHelp': '案卷识读完毕后，机器拟出的材料会列在这里，由您核对、确认。',
  'review.pages': '{number} 页',
  'review.title': '待核对材料',
  'review.unclassed': '未定类',
  'review.untitled': '未定题名',
} as const;
