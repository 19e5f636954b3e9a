import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_87cb0550042d024bec6083e84f0f86db7d813fc3 {
    static final String base64Bytes = String.join("", "8Dk4MzgzNjQ3MzY0NzM=");

    public static void main(String[] args) throws Throwable {
        Crash_87cb0550042d024bec6083e84f0f86db7d813fc3.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        konce.fuzz.Fuzzer.fuzzerTestOneInput(input);
    }
}
