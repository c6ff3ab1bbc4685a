"""Old and variant forms of characters (旧字体・異体字) folded to one, and kana to one script."""

import re
import unicodedata

# Pairs, old form first. Where two forms live side by side (籠・篭), either may stand for both.
PAIRS = """
髙高 﨑崎 嵜崎 碕崎 邊辺 邉辺 籠篭 檜桧 澤沢 龍竜 瀧滝 濱浜 濵浜 齋斎 齊斉 廣広 國国
櫻桜 嶋島 嶌島 條条 冨富 淵渕 桒桑 眞真 惠恵 圓円 榮栄 應応 萬万 與与 壽寿 學学 實実
藏蔵 藝芸 舊旧 峯峰 埜野 𠮷吉 舘館 曾曽 槇槙 穗穂 關関 會会 氣気 黑黒 橫横 縣県 號号
豐豊 祇祗 鷗鴎 籔薮 藪薮 賤賎 鰺鯵 鹽塩 栁柳 薗園 舩船 鄰隣 萊莱 儘侭 彌弥 禰祢 禮礼
祿禄 蘆芦 鐵鉄 鐡鉄 點点 當当 假仮 價価 兒児 區区 單単 團団 圖図 增増 壞壊 壯壮 奧奥
專専 對対 嶽岳 巖巌 廳庁 德徳 戰戦 拂払 敎教 數数 曉暁 檢検 步歩 歷歴 淸清 澁渋 濟済
瀨瀬 灣湾 燈灯 爲為 狹狭 獨独 畫画 疊畳 盡尽 稻稲 竝並 絲糸 經経 緖緒 總総 繩縄 聲声
臺台 蟲虫 覺覚 觀観 譽誉 讀読 豫予 賴頼 轉転 辨弁 鄕郷 醫医 錢銭 鎭鎮 隨随 靈霊 靜静
顯顕 驛駅 鷄鶏 麥麦 龜亀 滿満 莊荘 圀国 囯国 邨村 枩松 杦杉 裡裏 釼剣 劍剣 劔剣 嵓岩
礒磯 槗橋 髮髪 寬寛 郞郎 來来 亞亜 惡悪 壓圧 圍囲 堯尭 壹壱 貳弐 參参 辯弁 瓣弁 缺欠
虛虚 舍舎 寢寝 懷懐 收収 效効 斷断 晝昼 淺浅 溪渓 牀床 甁瓶 屆届 處処 蠶蚕 讓譲 穰穣
釀醸 鑛鉱 鹼鹸 麴麹 蠟蝋 蠣蛎 礪砺 檮梼 濤涛 禱祷 竈竃 頸頚 鶯鴬 廐厩 廏厩 攪撹 灌潅
籬篱 飜翻 羣群 穐秋 龝秋 苅刈
"""
FOLDED = {ord(pair[0]): pair[1] for pair in PAIRS.split()}
VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\u2060\ufeff\u00ad]")
HIRAGANA_TO_KATAKANA = {n: n + 0x60 for n in range(0x3041, 0x3097)}


def folded(text: str) -> str:
    """NFKC, without spaces and variation selectors, old forms of characters made new."""
    text = unicodedata.normalize("NFKC", VARIATION.sub("", text))
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text.translate(FOLDED)))


def find_key(text: str) -> str:
    """What searching compares: `folded`, kana in one script, letters in one case."""
    key = folded(text).casefold().translate(HIRAGANA_TO_KATAKANA)
    again = folded(key).casefold().translate(HIRAGANA_TO_KATAKANA)
    return key if again == key else find_key(again)
