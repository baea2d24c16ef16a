"""What operations and classes of data are called on a citizen's page."""

from lienthong.systems.vocabulary.bilingual import Text

OPERATIONS: dict[str, Text] = {
    "verify_identity": Text("Xác thực danh tính (chỉ trả lời đúng hoặc sai)", "Identity verification (yes or no only)"),
    "look_up_person": Text("Tra cứu thông tin công dân", "Look-up of your record"),
    "look_up_household": Text("Tra cứu hộ gia đình", "Look-up of your household"),
    "list_access_events": Text("Xem nhật ký truy cập dữ liệu của bạn", "Listing of who has read your data"),
}
"""Operations by their ids in the OpenAPI document."""

DATA_CLASSES: dict[str, Text] = {
    "identity_match": Text("Kết quả đúng/sai", "Yes/no result"),
    "basic": Text("Thông tin cơ bản", "Basic data"),
    "residence": Text("Nơi thường trú", "Permanent residence"),
    "household": Text("Thành viên hộ gia đình", "Household members"),
    "access_events": Text("Nhật ký truy cập", "Access events"),
}
"""Classes of data by the names access events use."""
